def test_trial(pier, office):
    assert pier.rounds.greet()
    print(office.asked)
    from kiosk.screen import create_screen
    c = create_screen(pier, "t").test_client()
    import json
    r = c.get("/api/state"); print(json.dumps(r.json, ensure_ascii=False, indent=1))
    r = c.post("/api/codes", json={"scene": 9, "way": "single"}); print(r.status, r.json)
    r = c.post("/api/codes", json={"scene": 18, "way": "ticket", "quantity": 3, "variant": 1}); print(r.status, r.json, r.headers)
    p = r.json["preview"]
    r = c.get(p); open("/tmp/ticket.png", "wb").write(r.data)
    print(c.get("/api/group/1").json)
    r.close()
