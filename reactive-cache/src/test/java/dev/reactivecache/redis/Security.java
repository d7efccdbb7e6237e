package dev.reactivecache.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * How servers of a test keep strangers out, and how their users get in. Servers know an {@code admin}, as whom they
 * follow each other and tests look at them.
 *
 * @param user whom the tier is, {@code default} included
 * @param server which certificate the servers show, or nothing for plain text
 * @param mutual whether they want one of their clients
 * @param verify what the tier looks at of theirs
 */
record Security(
        String user, String server, boolean mutual, SslVerifyMode verify, boolean trusted, Certificates certificates) {
    static final String ADMIN = "admin";
    static final String SECRET = "s3cret!pw";
    private static final String PORT = RedisProcess.PORT_HERE;

    /** One password for all, in plain text. */
    static Security password() {
        return new Security("default", "", false, SslVerifyMode.FULL, true, null);
    }

    /** A user of an access list; {@code default} is off. */
    static Security accessList() {
        return new Security("app", "", false, SslVerifyMode.FULL, true, null);
    }

    /** The same over TLS, where names are looked at. */
    static Security tls(Certificates certificates) {
        return new Security("app", "server", false, SslVerifyMode.FULL, true, certificates);
    }

    /** Certificates on both sides; those of the servers are for another name. */
    static Security mutualTls(Certificates certificates) {
        return new Security("app", "elsewhere", true, SslVerifyMode.CA, true, certificates);
    }

    /** Certificates of an authority that the tier does not know. */
    static Security unverifiedTls(Certificates certificates) {
        return new Security("app", "elsewhere", false, SslVerifyMode.NONE, false, certificates);
    }

    boolean isTls() {
        return !server.isEmpty();
    }

    /** What the servers are started with. */
    String[] settings() {
        List<String> settings = new ArrayList<>(tlsSettings("--"));
        settings.addAll(List.of("--masteruser", ADMIN, "--masterauth", SECRET));
        settings.addAll(List.of("--user", ADMIN, "on", ">" + SECRET, "+@all", "~*", "&*"));
        settings.addAll(
                user.equals("default")
                        ? List.of("--requirepass", SECRET)
                        : List.of("--user", user, "on", ">" + SECRET, "+@all", "~rc:*", "&*"));
        if (!user.equals("default")) {
            settings.addAll(List.of("--user", "default", "off"));
        }
        return settings.toArray(String[]::new);
    }

    /** The lines of a Sentinel's file that let it, and others, in. */
    String[] sentinelLines(String master) {
        List<String> lines = new ArrayList<>();
        List<String> tls = tlsSettings("");
        for (int i = 0; i < tls.size(); i += 2) {
            lines.add(tls.get(i) + ' ' + tls.get(i + 1));
        }
        lines.add("sentinel auth-user " + master + ' ' + ADMIN);
        lines.add("sentinel auth-pass " + master + ' ' + SECRET);
        return lines.toArray(String[]::new);
    }

    private List<String> tlsSettings(String mark) {
        if (!isTls()) {
            return List.of();
        }
        return Stream.of(
                        List.of("port", "0"),
                        List.of("tls-port", PORT),
                        List.of("tls-cert-file", certificates.certificate(server)),
                        List.of("tls-key-file", certificates.key(server)),
                        List.of("tls-ca-cert-file", certificates.certificate("ca")),
                        List.of("tls-auth-clients", mutual ? "yes" : "no"),
                        List.of("tls-replication", "yes"),
                        List.of("tls-cluster", "yes"))
                .filter(setting -> !mark.isEmpty() || !setting.get(0).equals("tls-cluster"))
                .flatMap(setting -> Stream.of(mark + setting.get(0), setting.get(1)))
                .toList();
    }

    /** What a tier, or a test that looks at a server, trusts and shows. */
    SslOptions ssl() {
        if (!isTls() || !trusted) {
            return SslOptions.create();
        }
        return mutual ? certificates.trustingAndShown() : certificates.trusting();
    }

    /** How a test gets in, to look. */
    RedisURI admin(int port) {
        return RedisURI.Builder.redis("127.0.0.1", port)
                .withAuthentication(ADMIN, SECRET)
                .withClientName(ADMIN)
                .withSsl(isTls())
                .withVerifyPeer(SslVerifyMode.NONE)
                .build();
    }

    ClientOptions adminOptions() {
        return ClientOptions.builder().sslOptions(ssl()).build();
    }

    /** How a tier gets in, as text. */
    String text(String kind, String hosts, String parameters) {
        String login = (user.equals("default") ? "" : user) + ":s3cret%21pw@";
        return "redis" + (isTls() ? "s" : "") + kind + "://" + login + hosts + "?verifyPeer=" + verify + parameters;
    }

    @Override
    public String toString() {
        String tls = isTls() ? (mutual ? "mutual TLS" : "TLS") + ", verifying " + verify : "plain text";
        return (user.equals("default") ? "password" : "user of an access list") + ", " + tls;
    }

    static Stream<Security> all(Certificates certificates) {
        return Arrays.stream(new Security[] {
            password(), accessList(), tls(certificates), mutualTls(certificates), unverifiedTls(certificates)
        });
    }
}
