import java.net.HttpURLConnection;
import java.net.URL;

public class Old {
    public static void main(String[] arguments) throws Exception {
        HttpURLConnection client = (HttpURLConnection) new URL("https://api.infocu5.com/dialer/").openConnection();
        client.setDoOutput(true);
        client.getOutputStream().write("""
{"affiliateID":"A7k2Qm9ZrT4x","affiliateKey":"0f1e2d3c4b5a69788796a5b4c3d2e1f0","dialerFunction":"getAgents","showAll":"n"}""".getBytes());
        System.out.println(new String(client.getInputStream().readAllBytes()));
    }
}
