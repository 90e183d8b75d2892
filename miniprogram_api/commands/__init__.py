"""What runs on a clock or from the command line: up, jobs, seed."""
