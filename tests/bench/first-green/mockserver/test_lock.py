from mockserver import HttpRequest, HttpResponse, VerificationTimes

from client import lock

PATH = "/rest/v1.0/7/dialler/contacts/contact/301501/lock"


def test_a_contact_is_locked(mockserver, mockserver_host, mockserver_port):
    asked = HttpRequest(path=PATH, method="PATCH").with_header("Authorization", "Bearer SIMTOKEN-7A")
    mockserver.when(asked).respond(HttpResponse(status_code=200))
    lock(f"http://{mockserver_host}:{mockserver_port}", 301501)
    mockserver.verify(asked, VerificationTimes.exactly(1))
