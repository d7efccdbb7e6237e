package dev.reactivecache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.KillArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.SlotHash;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The user that the settings name is the one on every connection: of a tier that is given a URI, of one that is given a
 * client; to one server, to one that Sentinels name, and to each master of a cluster; also to those that come later.
 * Servers that speak TLS have no port for anything else.
 */
@Timeout(60)
class ConnectionMatrixIT {
    private static final String NAME = "matrix";
    private static final String BY_URI = "by-uri";
    private static final String BY_CLIENT = "by-client";
    private static Certificates certificates;

    @BeforeAll
    static void makeCertificates() {
        certificates = new Certificates();
    }

    @AfterAll
    static void deleteCertificates() {
        certificates.close();
    }

    static Stream<Security> security() {
        return Security.all(certificates);
    }

    private static void assumeServersCan(Security security) {
        assumeTrue(
                !security.isTls() || RedisProcess.binarySpeaksTls(),
                "skipped: the redis-server of this test was built without TLS");
    }

    @ParameterizedTest
    @MethodSource("security")
    void eachConnectionToOneServerIsOurs(Security security) {
        assumeServersCan(security);
        try (RedisProcess server = RedisProcess.start(security.settings())) {
            RedisCommands<String, String> admin =
                    server.foreigners(security.adminOptions()).foreigner(security.admin(server.port()));
            String uri = security.text("", "127.0.0.1:" + server.port(), "&clientName=" + BY_URI);
            try (Tiers tiers = Tiers.of(security, uri)) {
                tiers.assertOursOn(admin, 2);
                admin.clientKill(KillArgs.Builder.typeNormal().skipme());
                admin.clientKill(KillArgs.Builder.typePubsub());
                tiers.awaitMemory("after connecting anew");
                tiers.assertOursOn(admin, 2);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("security")
    void eachConnectionToTheMasterThatSentinelsNameIsOurs(Security security) {
        assumeServersCan(security);
        try (SentinelGroup group = SentinelGroup.start(security)) {
            String uri = security.text(
                    "-sentinel",
                    "127.0.0.1:" + group.sentinel.port(),
                    "&clientName=" + BY_URI + "&sentinelMasterId=mymaster");
            try (Tiers tiers = Tiers.of(security, uri)) {
                tiers.assertOursOn(group.on(group.first), 2);

                group.failOver();
                group.awaitMaster(group.second);

                tiers.assertOursOn(group.on(group.second), 2);
                tiers.awaitMemory("after a failover");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("security")
    void eachConnectionToAMasterOfAClusterIsOurs(Security security) {
        assumeServersCan(security);
        try (ClusterGroup cluster = ClusterGroup.start(security)) {
            String uri = security.text("-cluster", cluster.seeds(), "&clientName=" + BY_URI);
            RedisProcess demoted = cluster.masters().get(0);
            RedisProcess promoted = cluster.replicaOf(demoted);
            try (Tiers tiers = Tiers.ofCluster(security, uri)) {
                for (RedisProcess master : cluster.masters()) {
                    tiers.awaitMemory(cluster.keyOn(master, NAME, "k"));
                    tiers.assertOursOn(cluster.on(master), 3);
                }

                // a failover
                cluster.on(promoted).clusterFailover(false);
                Await.until("it is promoted", () -> cluster.masters().contains(promoted));
                tiers.awaitMemory(cluster.keyOn(promoted, NAME, "promoted"));
                tiers.assertOursOn(cluster.on(promoted), 3);

                // an added master
                RedisProcess joined = cluster.join();
                String moved = cluster.keyOn(promoted, NAME, "moved");
                cluster.move(SlotHash.getSlot("rc:" + NAME + ":" + moved), promoted, joined);
                tiers.awaitMemory(moved);
                tiers.assertOursOn(cluster.on(joined), 3);
            }
        }
    }

    static Stream<Security> securityByAnotherName() {
        return security().filter(each -> each.server().equals("elsewhere"));
    }

    @ParameterizedTest
    @MethodSource("securityByAnotherName")
    void serverWhoseNameIsNotInItsCertificateIsRefusedWhereNamesAreLookedAt(Security security) {
        assumeServersCan(security);
        try (RedisProcess server = RedisProcess.start(security.settings())) {
            RedisURI uri = RedisURI.create(security.text("", "127.0.0.1:" + server.port(), ""));
            uri.setVerifyPeer(SslVerifyMode.FULL);
            try (Node node = Node.on(
                    RedisTier.builder(uri, certificates.trustingAndShown()).connect(), NAME, cache -> cache)) {
                Throwable refusal = Node.get(node.tier.ready().materialize()).getThrowable();
                assertThat(refusal).isInstanceOf(RedisConfigurationException.class);
            }
        }
    }

    /** One that was given a URI, and one that was given a client whose credentials come from a provider. */
    private record Tiers(Security security, Node byUri, Node byClient, Runnable shutDown) implements AutoCloseable {
        static Tiers of(Security security, String text) {
            RedisURI uri = RedisURI.create(text);
            RedisClient client = RedisClient.create();
            client.setOptions(ClientOptions.builder().sslOptions(security.ssl()).build());
            return new Tiers(
                    security,
                    node(security.isTls() ? RedisTier.builder(uri, security.ssl()) : RedisTier.builder(text)),
                    node(RedisTier.builder(client, another(security, uri))),
                    () -> client.shutdown(0, 2, TimeUnit.SECONDS));
        }

        static Tiers ofCluster(Security security, String text) {
            List<RedisURI> uris = ClusterAddress.parse(text);
            RedisClusterClient client = RedisClusterClient.create(
                    uris.stream().map(uri -> another(security, uri)).toList());
            client.setOptions(ClusterClientOptions.builder()
                    .sslOptions(security.ssl())
                    .validateClusterNodeMembership(false)
                    .build());
            return new Tiers(
                    security,
                    node(security.isTls() ? RedisTier.clusterBuilder(uris, security.ssl()) : RedisTier.builder(text)),
                    node(RedisTier.builder(client)),
                    () -> client.shutdown(0, 2, TimeUnit.SECONDS));
        }

        private static RedisURI another(Security security, RedisURI uri) {
            RedisURI.Builder copy = RedisURI.builder(uri)
                    .withClientName(BY_CLIENT)
                    .withAuthentication(RedisCredentialsProvider.from(
                            () -> RedisCredentials.just(security.user(), Security.SECRET)));
            uri.getSentinels().forEach(copy::withSentinel);
            String master = uri.getSentinelMasterId();
            return master == null
                    ? copy.build()
                    : copy.withSentinelMasterId(master).build();
        }

        private static Node node(RedisTierBuilder tier) {
            return Node.on(
                            Node.patient(tier)
                                    .stalenessBound(Duration.ofMillis(900))
                                    .notifications(NotificationSetup.ADD_MISSING)
                                    .changes(ChangeSource.EVENTS)
                                    .connect(),
                            NAME,
                            cache -> cache)
                    .ready();
        }

        void awaitMemory(String key) {
            byUri.warm(key, "v");
            byClient.warm(key, "v");
        }

        /** Waits until none on the server but has the user, and the name of one of the tiers; each has some. */
        void assertOursOn(RedisCommands<String, String> admin, int least) {
            Await.until("all connections are ours", () -> {
                List<Map<String, String>> clients = strangers(admin.clientList());
                boolean all = clients.stream()
                                .allMatch(each -> security.user().equals(each.get("user"))
                                        && List.of(BY_URI, BY_CLIENT, "lettuce#ClusterTopologyRefresh")
                                                .contains(each.get("name")))
                        && count(clients, BY_URI) >= least
                        && count(clients, BY_CLIENT) >= least;
                if (!all) {
                    throw new IllegalStateException(clients.toString());
                }
                return true;
            });
        }

        private static long count(List<Map<String, String>> clients, String name) {
            return clients.stream()
                    .filter(each -> name.equals(each.get("name")))
                    .count();
        }

        /** Without ourselves, who look, and the servers and Sentinels among each other. */
        private static List<Map<String, String>> strangers(String list) {
            return list.lines()
                    .map(line -> Stream.of(line.split(" "))
                            .map(field -> field.split("=", 2))
                            .collect(Collectors.toMap(field -> field[0], field -> field[1])))
                    .filter(each -> !each.get("name").equals(Security.ADMIN)
                            && !each.get("name").startsWith("sentinel-")
                            && !each.get("flags").matches(".*[SM].*"))
                    .toList();
        }

        @Override
        public void close() {
            byUri.close();
            byClient.close();
            shutDown.run();
        }
    }
}
