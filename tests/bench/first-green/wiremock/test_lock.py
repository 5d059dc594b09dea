from wiremock.client import Mapping, MappingRequest, MappingResponse, Mappings, Requests
from wiremock.constants import Config
from wiremock.resources.near_misses import NearMissMatchPatternRequest
from wiremock.server import WireMockServer

from client import lock

PATH = "/rest/v1.0/7/dialler/contacts/contact/301501/lock"
TOKEN = {"Authorization": {"equalTo": "Bearer SIMTOKEN-7A"}}


def test_a_contact_is_locked():
    with WireMockServer(max_attempts=100) as server:
        Config.base_url = f"http://localhost:{server.port}/__admin"
        asked = MappingRequest(method="PATCH", url=PATH, headers=TOKEN)
        Mappings.create_mapping(Mapping(request=asked, response=MappingResponse(status=200)))
        lock(f"http://localhost:{server.port}", 301501)
        sent = NearMissMatchPatternRequest(method="PATCH", url=PATH, headers=TOKEN)
        assert Requests.get_matching_request_count(sent).count == 1
