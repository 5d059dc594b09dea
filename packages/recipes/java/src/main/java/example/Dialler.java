package example;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A small client of jtel's dialler: what the tests test. It knows nothing of Ringback, only a base address. */
public final class Dialler {
    private static final int ATTEMPTS = 3;

    private final HttpClient http = HttpClient.newHttpClient();
    private final String contacts;
    private final String token;
    private final Duration pause;

    public Dialler(String base, int client, String token, Duration pause) {
        this.contacts = base + "/rest/v1.0/" + client + "/dialler/contacts";
        this.token = token;
        this.pause = pause;
    }

    /** The vendor said no. */
    public static final class Refused extends IOException {
        public final int status;

        Refused(int status, String body) {
            super(status + ": " + body);
            this.status = status;
        }
    }

    public JsonObject contact(int id) throws IOException, InterruptedException {
        return call("GET", "/" + id, "").getAsJsonArray("records").get(0).getAsJsonObject();
    }

    public JsonArray contacts(int campaign) throws IOException, InterruptedException {
        return call("GET", "?diallerCampaignsID=" + campaign, "").getAsJsonArray("records");
    }

    public void add(int campaign, String key, String name, String phone) throws IOException, InterruptedException {
        var contact = new JsonObject();
        contact.addProperty("DiallerCampaignsID", campaign);
        contact.addProperty("UserData", key);
        contact.addProperty("Name", name);
        contact.addProperty("PhoneNumber1", phone);
        call("POST", "/import?overwriteDuplicates=true", contact.toString());
    }

    public void lock(int id) throws IOException, InterruptedException {
        call("PATCH", "/contact/" + id + "/lock", "");
    }

    public JsonArray history(int id) throws IOException, InterruptedException {
        return call("GET", "/contact/" + id + "/history", "").getAsJsonArray("records");
    }

    private JsonObject call(String method, String path, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(contacts + path))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
        for (int attempt = 1; ; attempt++) {
            var reply = http.send(request, BodyHandlers.ofString());
            int status = reply.statusCode();
            if (status < 300) {
                return JsonParser.parseString(reply.body()).getAsJsonObject();
            }
            boolean isBusy = status == 429 || status == 503;
            if (!isBusy || attempt == ATTEMPTS) {
                throw new Refused(status, reply.body());
            }
            Thread.sleep(pause.toMillis());
        }
    }
}
