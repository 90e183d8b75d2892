"""Mutations of the pure decisions: would a test notice?"""
