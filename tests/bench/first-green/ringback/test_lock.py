from client import lock


def test_a_contact_is_locked(ringback_world):
    lock(ringback_world.url("jtel"), 301501)
    ringback_world.verify(operation="lock_contact_by_id", outcome="ok", exactly=1)
