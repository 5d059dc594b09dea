// A world of Ringback's for each test, with a clock that stands still. A test that fails says what was refused in its
// world, and why. Copy this file into a project of your own: it needs Go 1.19 or newer and nothing beside its library.
//
// It finds Ringback by RINGBACK_ADMIN_URL and RINGBACK_URL, which `ringback run` sets; beside a container they are set
// by hand, with RINGBACK_ADMIN_TOKEN.

package dialler

import (
	"bytes"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// begins is where the clock of each world stands when its test begins.
const begins = "2026-03-02T09:00:00Z"

// perPage is how many rows are read at once.
const perPage = 100

// object is a body of the control plane's.
type object map[string]any

// world is a universe of the test's own.
type world struct {
	t    *testing.T
	name string
}

// plane calls the control plane past the proxy variables, which are for the client under test.
var plane = &http.Client{Transport: &http.Transport{}}

// newWorld makes a world of a scenario: a name that the program knows, or a whole scenario as an object.
func newWorld(t *testing.T, scenario any) *world {
	t.Helper()
	name := regexp.MustCompile("[^a-z0-9]+").ReplaceAllString(strings.ToLower(t.Name()), "-")
	if len(name) > 40 {
		name = name[:40]
	}
	// Two runs at once, of containers that share a Ringback, may have one process id.
	ending := make([]byte, 5)
	if _, err := rand.Read(ending); err != nil {
		t.Fatal(err)
	}
	made := &world{t, fmt.Sprintf("%s-%x", name, ending)}
	made.admin("PUT", "", object{"scenario": scenario, "clock": object{"mode": "frozen", "at": begins}}, nil)
	t.Cleanup(func() {
		// Also where the journal cannot be told.
		defer made.admin("DELETE", "", nil, nil)
		if t.Failed() {
			made.tell()
		}
	})
	return made
}

// url is the base address of a vendor in this world.
func (world *world) url(vendor string) string {
	return world.variable("RINGBACK_URL") + "/w/" + world.name + "/" + vendor
}

// advance moves the clock on, such as by "3h"; it returns when all that is due by then is done.
func (world *world) advance(by string) {
	world.t.Helper()
	world.admin("POST", "/clock/advance", object{"by": by}, nil)
}

// event lets something happen outside the vendor's API.
func (world *world) event(vendor, event string, fields object) {
	world.t.Helper()
	world.admin("POST", "/events/"+vendor+"/"+event, fields, nil)
}

// fault has requests go wrong.
func (world *world) fault(rule object) {
	world.t.Helper()
	world.admin("POST", "/faults", rule, nil)
}

// state is all rows of a table behind the wire, credentials masked.
func (world *world) state(vendor, table string) []object {
	world.t.Helper()
	var rows []object
	for {
		var page struct{ Rows []object }
		path := fmt.Sprintf("/state/%s/%s?offset=%d&limit=%d", vendor, table, len(rows), perPage)
		world.admin("GET", path, nil, &page)
		rows = append(rows, page.Rows...)
		if len(page.Rows) < perPage {
			return rows
		}
	}
}

// verify fails, with what came closest, unless a condition over the world's journal holds.
func (world *world) verify(condition object) {
	world.t.Helper()
	var verdict struct{ Verdict, Explanation, Detail string }
	world.admin("POST", "/verify", condition, &verdict)
	if verdict.Verdict != "pass" {
		world.t.Error(verdict.Explanation + verdict.Detail)
	}
}

// tell logs what was refused, a paragraph each.
func (world *world) tell() {
	var journal struct {
		Entries []struct {
			Action, Vendor, Error string
			Request               *struct{ Method, Path string }
			Response              *struct{ Status int }
			Why                   *struct{ Rule, Expected, Found, Hint string }
		}
	}
	world.admin("GET", "/journal?outcome=refused&last=10", nil, &journal)
	for _, entry := range journal.Entries {
		reason := entry.Error
		if why := entry.Why; why != nil {
			reason = fmt.Sprintf("%s: expected %s, found %s\n  %s", why.Rule, why.Expected, why.Found, why.Hint)
		}
		// A refused event is no request, and a fault may have left a request without a reply.
		line, status := entry.Action+" "+entry.Vendor, "no reply"
		if entry.Response != nil {
			status = strconv.Itoa(entry.Response.Status)
		}
		if entry.Request != nil {
			line = fmt.Sprintf("%s %s -> %s", entry.Request.Method, entry.Request.Path, status)
		}
		world.t.Logf("refused: %s\n  %s", line, reason)
	}
}

func (world *world) admin(method, path string, body object, found any) {
	world.t.Helper()
	var sent []byte
	if body != nil {
		sent, _ = json.Marshal(body)
	}
	url := world.variable("RINGBACK_ADMIN_URL") + "/v1/worlds/" + world.name + path
	request, err := http.NewRequest(method, url, bytes.NewReader(sent))
	if err != nil {
		world.t.Fatal(err)
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if token := os.Getenv("RINGBACK_ADMIN_TOKEN"); token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	reply, err := plane.Do(request)
	if err != nil {
		world.t.Fatal(err)
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		world.t.Fatal(err)
	}
	// 422 is the answer to a condition that does not hold.
	if reply.StatusCode >= 300 && reply.StatusCode != http.StatusUnprocessableEntity {
		world.t.Fatalf("%s %s: %s", method, url, text)
	}
	if found != nil {
		if err := json.Unmarshal(text, found); err != nil {
			world.t.Fatalf("%s %s: %v: %s", method, url, err, text)
		}
	}
}

func (world *world) variable(name string) string {
	world.t.Helper()
	value := os.Getenv(name)
	if value == "" {
		world.t.Fatalf("expected %s; ringback run -- go test sets it", name)
	}
	return value
}
