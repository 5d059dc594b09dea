from client import lock


def test_a_contact_is_locked(httpserver):
    httpserver.expect_oneshot_request(
        "/rest/v1.0/7/dialler/contacts/contact/301501/lock",
        method="PATCH",
        headers={"Authorization": "Bearer SIMTOKEN-7A"},
    ).respond_with_data("")
    lock(httpserver.url_for(""), 301501)
    httpserver.check()
    assert len(httpserver.log) == 1
