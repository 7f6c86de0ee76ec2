"""``longstop log verify``: the chain holds, or the first position that does not is named."""


def test_a_log_that_nobody_touched_is_whole(longstop):
    told = longstop("log", "verify", "--json").item
    assert told["events"] == told["position"] > 5
    assert longstop("log", "verify").lines == [f"The log is whole: {told['events']} events, head {told['head'][:16]}."]


def test_the_head_moves_with_every_event(longstop):
    before = longstop("log", "verify", "--json").item
    longstop("person", "add", "new@example.com")
    after = longstop("log", "verify", "--json").item
    assert after["position"] == before["position"] + 1
    assert after["head"] != before["head"]


def tampered(longstop, statement):
    """Change the database past the triggers, as somebody with its file could."""
    longstop.sql(statement, unguarded="events")


def test_a_rewritten_event_is_found_at_its_position(longstop):
    tampered(longstop, "UPDATE events SET actor = 'nobody' WHERE position = 3")
    told = longstop("log", "verify", "--json", expect=5).document
    assert told["code"] == "chain-broken"
    assert "position 3" in told["detail"]


def test_events_that_were_cut_off_are_missed(longstop):
    tampered(longstop, "DELETE FROM events WHERE position = (SELECT max(position) FROM events)")
    assert "are missing" in longstop("log", "verify", expect=5).err


def test_a_dry_run_leaves_no_event(longstop):
    before = longstop("log", "verify", "--json").item
    longstop("person", "add", "new@example.com", "--dry-run")
    assert longstop("log", "verify", "--json").item == before
