package example;

import static org.junit.jupiter.api.Assertions.fail;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.opentest4j.TestAbortedException;

/**
 * A world of Ringback's for each test, with a clock that stands still. A test that fails says what was refused in its
 * world, and why. Copy this file into a project of your own: it needs Java 11, JUnit 5 and Gson.
 *
 * <p>It finds Ringback by RINGBACK_ADMIN_URL and RINGBACK_URL, which {@code ringback run} sets; beside a container
 * they are set by hand, with RINGBACK_ADMIN_TOKEN.
 */
public final class RingbackWorld implements BeforeEachCallback, AfterEachCallback, TestExecutionExceptionHandler {
    /** Where the clock of each world stands when its test begins. */
    private static final String BEGINS = "2026-03-02T09:00:00Z";

    /** Rows of a page: as many as are read at once. */
    private static final int PAGE = 100;

    private static final HttpClient HTTP = HttpClient.newBuilder().proxy(HttpClient.Builder.NO_PROXY).build();

    private final Object scenario;
    private final String url;
    private final String admin;
    private final String token;
    private String name;

    /** Worlds made of a scenario: a name that the program knows, or a whole scenario as maps and lists. */
    public RingbackWorld(Object scenario) {
        this(scenario, variable("RINGBACK_URL"), variable("RINGBACK_ADMIN_URL"), System.getenv("RINGBACK_ADMIN_TOKEN"));
    }

    /** The same on a Ringback with these addresses, such as a container's; the token may be null. */
    public RingbackWorld(Object scenario, String url, String admin, String token) {
        this.scenario = scenario;
        this.url = url;
        this.admin = admin;
        this.token = token;
    }

    /** The base address of a vendor in this test's world. */
    public String url(String vendor) {
        return url + "/w/" + name + "/" + vendor;
    }

    /** Moves the clock on, such as by "3h"; returns when all that is due by then is done. */
    public JsonObject advance(String by) {
        return admin("POST", "/clock/advance", Map.of("by", by));
    }

    /** Lets something happen outside the vendor's API. */
    public JsonObject event(String vendor, String event, Map<String, ?> fields) {
        return admin("POST", "/events/" + vendor + "/" + event, fields);
    }

    /** Has requests go wrong. */
    public JsonObject fault(Map<String, ?> rule) {
        return admin("POST", "/faults", rule);
    }

    /** All rows of a table behind the wire, credentials masked. */
    public List<JsonObject> state(String vendor, String table) {
        var rows = new ArrayList<JsonObject>();
        int before;
        do {
            before = rows.size();
            var path = "/state/" + vendor + "/" + table + "?offset=" + before + "&limit=" + PAGE;
            for (var row : admin("GET", path, null).getAsJsonArray("rows")) {
                rows.add(row.getAsJsonObject());
            }
        } while (rows.size() - before == PAGE);
        return rows;
    }

    /** Fails, with what came closest, unless a condition over the world's journal holds. */
    public void verify(Map<String, ?> condition) {
        var verdict = admin("POST", "/verify", condition);
        if (!text(verdict, "verdict").equals("pass")) {
            fail(text(verdict, "explanation") + text(verdict, "detail"));
        }
    }

    @Override
    public void beforeEach(ExtensionContext test) {
        var called = test.getRequiredTestMethod().getName().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
        name = called.substring(0, Math.min(called.length(), 40)) + "-" + UUID.randomUUID().toString().substring(24);
        admin("PUT", "", Map.of("scenario", scenario, "clock", Map.of("mode", "frozen", "at", BEGINS)));
    }

    @Override
    public void handleTestExecutionException(ExtensionContext test, Throwable error) throws Throwable {
        var told = "";
        try {
            told = error instanceof TestAbortedException ? "" : refusals();
        } catch (RuntimeException gone) {
            // How the test failed matters more.
            error.addSuppressed(gone);
        }
        if (told.isEmpty()) {
            throw error;
        }
        throw new AssertionError(error.getMessage() + "\n\n" + told, error);
    }

    @Override
    public void afterEach(ExtensionContext test) {
        admin("DELETE", "", null);
    }

    /** What was refused, a paragraph each. */
    private String refusals() {
        var told = new StringBuilder();
        for (var found : admin("GET", "/journal?outcome=refused&last=10", null).getAsJsonArray("entries")) {
            var entry = found.getAsJsonObject();
            told.append("refused: ").append(line(entry)).append('\n');
            if (entry.has("why")) {
                var why = entry.getAsJsonObject("why");
                told.append("  ").append(text(why, "rule")).append(": expected ").append(text(why, "expected"))
                    .append(", found ").append(text(why, "found")).append("\n  ").append(text(why, "hint")).append('\n');
            } else {
                told.append("  ").append(text(entry, "error")).append('\n');
            }
        }
        return told.toString();
    }

    private static String line(JsonObject entry) {
        // A refused event is no request, and a fault may have left a request without a reply.
        if (!entry.has("request")) {
            return text(entry, "action") + " " + text(entry, "vendor");
        }
        var request = entry.getAsJsonObject("request");
        var response = entry.get("response");
        var status = response.isJsonNull() ? "no reply" : text(response.getAsJsonObject(), "status");
        return text(request, "method") + " " + text(request, "path") + " -> " + status;
    }

    private JsonObject admin(String method, String path, Object body) {
        var address = admin + "/v1/worlds/" + name + path;
        var request = HttpRequest.newBuilder(URI.create(address))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(new Gson().toJson(body)));
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            var reply = HTTP.send(request.build(), BodyHandlers.ofString());
            // 422 is the answer to a condition that does not hold.
            if (reply.statusCode() >= 300 && reply.statusCode() != 422) {
                throw new IllegalStateException(method + " " + address + ": " + reply.body());
            }
            return JsonParser.parseString(reply.body()).getAsJsonObject();
        } catch (IOException error) {
            throw new IllegalStateException(method + " " + address + ": " + error, error);
        } catch (InterruptedException error) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(method + " " + address + ": interrupted", error);
        }
    }

    private static String text(JsonObject object, String member) {
        var found = object.get(member);
        return found == null || found.isJsonNull() ? "" : found.getAsString();
    }

    private static String variable(String name) {
        var value = System.getenv(name);
        if (value == null) {
            throw new IllegalStateException("expected " + name + "; ringback run -- mvn test sets it");
        }
        return value;
    }
}
