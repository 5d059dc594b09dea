package example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The tests of Dialler, each against a world of its own. */
class DiallerTest {
    @RegisterExtension
    final RingbackWorld world = new RingbackWorld("demo");

    private Dialler dialler;

    @BeforeEach
    void make() {
        dialler = new Dialler(world.url("jtel"), 7, "SIMTOKEN-7A", Duration.ZERO);
    }

    @Test
    void aContactIsRead() throws Exception {
        assertEquals("Adler", dialler.contact(301501).get("Name").getAsString());
    }

    @Test
    void anImportTwiceLeavesOneContact() throws Exception {
        dialler.add(612, "SIM-0003", "Conrad", "4940555100");
        dialler.add(612, "SIM-0003", "Conrad", "4940555100");
        world.verify(Map.of("operation", "import_contact", "outcome", "ok", "exactly", 2));
        var contacts = dialler.contacts(612);
        assertEquals(3, contacts.size());
        assertEquals("Conrad", contacts.get(2).getAsJsonObject().get("Name").getAsString());
        // As it stands behind the wire.
        var rows = world.state("jtel", "contacts").stream().filter(row -> row.get("name").getAsString().equals("Conrad"));
        assertEquals(1, rows.count());
    }

    @Test
    void aLockedContactIsNotDialled() throws Exception {
        dialler.lock(301501);
        world.event("jtel", "start_campaign", Map.of("campaign", 612));
        world.advance("3h");
        assertTrue(dialler.history(301501).isEmpty());
    }

    @Test
    void aContactThatIsNotLockedIsDialled() throws Exception {
        world.event("jtel", "start_campaign", Map.of("campaign", 612));
        world.advance("3h");
        assertFalse(dialler.history(301501).isEmpty());
    }

    @Test
    void aBusyVendorIsAskedAgain() throws Exception {
        world.fault(Map.of("then", "status", "status", 503, "on", Map.of("vendor", "jtel", "nth", 1)));
        dialler.lock(301501);
        world.verify(Map.of("operation", "lock_contact_by_id", "exactly", 2));
    }

    @Test
    void aContactThatIsNotThereIsRefused() {
        var refused = assertThrows(Dialler.Refused.class, () -> dialler.contact(1));
        assertEquals(404, refused.status);
    }
}
