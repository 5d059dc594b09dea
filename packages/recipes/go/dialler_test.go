// The tests of Dialler, each against a world of its own; they run side by side.

package dialler

import (
	"errors"
	"testing"
)

// begin gives a test its world, and the client that is tested in it.
func begin(t *testing.T) (*world, *Dialler) {
	t.Helper()
	t.Parallel()
	world := newWorld(t, "demo")
	return world, &Dialler{Base: world.url("jtel"), Client: 7, Token: "SIMTOKEN-7A", Attempts: 3}
}

// must fails the test where the client was refused.
func must[T any](t *testing.T) func(T, error) T {
	return func(found T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
}

func TestAContactIsRead(t *testing.T) {
	_, dialler := begin(t)
	if found := must[Contact](t)(dialler.Contact(301501)); found.Name != "Adler" {
		t.Fatalf("expected Adler, found %v", found)
	}
}

func TestAnImportTwiceLeavesOneContact(t *testing.T) {
	world, dialler := begin(t)
	for i := 0; i < 2; i++ {
		if err := dialler.Add(612, "SIM-0003", "Conrad", "4940555100"); err != nil {
			t.Fatal(err)
		}
	}
	world.verify(object{"operation": "import_contact", "outcome": "ok", "exactly": 2})
	if found := must[[]Contact](t)(dialler.Contacts(612)); len(found) != 3 || found[2].Name != "Conrad" {
		t.Fatalf("expected Adler, Brandt and Conrad, found %v", found)
	}
	// As it stands behind the wire.
	rows := 0
	for _, row := range world.state("jtel", "contacts") {
		if row["name"] == "Conrad" {
			rows++
		}
	}
	if rows != 1 {
		t.Fatalf("expected one row called Conrad, found %d", rows)
	}
}

func TestALockedContactIsNotDialled(t *testing.T) {
	world, dialler := begin(t)
	if err := dialler.Lock(301501); err != nil {
		t.Fatal(err)
	}
	world.event("jtel", "start_campaign", object{"campaign": 612})
	world.advance("3h")
	if found := must[[]Attempt](t)(dialler.History(301501)); len(found) != 0 {
		t.Fatalf("expected no call, found %v", found)
	}
}

func TestAContactThatIsNotLockedIsDialled(t *testing.T) {
	world, dialler := begin(t)
	world.event("jtel", "start_campaign", object{"campaign": 612})
	world.advance("3h")
	if found := must[[]Attempt](t)(dialler.History(301501)); len(found) == 0 {
		t.Fatal("expected a call, found none")
	}
}

func TestABusyVendorIsAskedAgain(t *testing.T) {
	world, dialler := begin(t)
	world.fault(object{"then": "status", "status": 503, "on": object{"vendor": "jtel", "nth": 1}})
	if err := dialler.Lock(301501); err != nil {
		t.Fatal(err)
	}
	world.verify(object{"operation": "lock_contact_by_id", "exactly": 2})
}

func TestAContactThatIsNotThereIsRefused(t *testing.T) {
	_, dialler := begin(t)
	_, err := dialler.Contact(1)
	var refused *Refused
	if !errors.As(err, &refused) || refused.Status != 404 {
		t.Fatalf("expected 404, found %v", err)
	}
}
