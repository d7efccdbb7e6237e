package dev.reactivecache.redis;

import io.lettuce.core.SslOptions;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/** An authority of a test's own, in a folder of its own: certificates for servers and clients, as files. */
final class Certificates implements AutoCloseable {
    private final Path folder;
    private final X509Bundle authority;
    private final X509Bundle client;

    Certificates() {
        try {
            folder = Files.createTempDirectory("reactive-cache-certificates-");
            authority = new CertificateBuilder()
                    .ecp256()
                    .subject("CN=the authority of a test")
                    .setIsCertificateAuthority(true)
                    .buildSelfSigned();
            Files.writeString(folder.resolve("ca.pem"), authority.getCertificatePEM());
            issue("server", new CertificateBuilder().addSanIpAddress("127.0.0.1"));
            issue("elsewhere", new CertificateBuilder().addSanDnsName("elsewhere.example"));
            client = issue("client", new CertificateBuilder());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private X509Bundle issue(String name, CertificateBuilder certificate) throws Exception {
        X509Bundle issued = certificate.ecp256().subject("CN=" + name).buildIssuedBy(authority);
        Files.writeString(folder.resolve(name + ".pem"), issued.getCertificatePathPEM());
        Files.writeString(folder.resolve(name + ".key"), issued.getPrivateKeyPEM());
        return issued;
    }

    /** Of what it issued, for {@code 127.0.0.1} as "server", for another name as "elsewhere"; its own is "ca". */
    String certificate(String name) {
        return folder.resolve(name + ".pem").toString();
    }

    String key(String name) {
        return folder.resolve(name + ".key").toString();
    }

    /** Trusts the authority. From memory: Lettuce would read files on its event loops. */
    SslOptions trusting() {
        return SslOptions.builder()
                .trustManager(authority.toTrustManagerFactory())
                .build();
    }

    /** The same, with a certificate of its own to show. */
    SslOptions trustingAndShown() {
        try {
            return SslOptions.builder()
                    .trustManager(authority.toTrustManagerFactory())
                    .keyManager(client.toKeyManagerFactory())
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        try (var files = Files.list(folder)) {
            files.forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        folder.toFile().delete();
    }
}
