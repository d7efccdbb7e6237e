package dev.reactivecache.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reactivecache.ReactiveCache;
import dev.reactivecache.spring.ReactiveCacheAutoConfiguration;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/** Expressions may ask for what those of Spring's own annotations may, and for nothing else. */
class AnnotationExpressionsTest {
    private final ApplicationContextRunner application = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(
                    ReactiveCacheAutoConfiguration.class, ReactiveCacheAnnotationsAutoConfiguration.class))
            .withBean("keys", Keys.class)
            .withPropertyValues(
                    "reactive-cache.caches.names.key-type=String", "reactive-cache.caches.names.value-type=String");

    static class Keys {
        public String of(long id) {
            return "bean:" + id;
        }
    }

    static class Shop {
        private final String tenant = "acme";

        public String getTenant() {
            return tenant;
        }

        @ReactiveCacheable(cache = "names", key = "@keys.of(#id)")
        public Mono<String> bean(long id) {
            return Mono.just("lamp");
        }

        @ReactiveCacheable(cache = "names", key = "#root.methodName + ':' + #id")
        public Mono<String> methodName(long id) {
            return Mono.just("lamp");
        }

        @ReactiveCacheable(cache = "names", key = "methodName + ':' + args[0] + ':' + #p0 + #a0")
        public Mono<String> args(long id) {
            return Mono.just("lamp");
        }

        @ReactiveCacheable(cache = "names", key = "#root.target.tenant + ':' + #root.targetClass.simpleName")
        public Mono<String> target(long id) {
            return Mono.just("lamp");
        }

        @ReactiveCacheable(
                cache = "names",
                key = "#root.method.name + {1, 2}.?[#this > 1][0] + {a: #id}['a']",
                condition = "@keys.of(#id) == 'bean:7' and #root.args.length == 1",
                unless = "#result.length() > #root.methodName.length() + 100")
        public Mono<String> everything(long id) {
            return Mono.just("lamp");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "bean, bean:7",
        "methodName, methodName:7",
        "args, args:7:77",
        "target, acme:Shop",
        "everything, everything27"
    })
    void expressionSeesWhatSpringsDo(String method, String key) {
        application.withBean(Shop.class).run(context -> {
            Shop shop = context.getBean(Shop.class);

            var call = (Mono<?>) Shop.class.getMethod(method, long.class).invoke(shop, 7L);

            assertThat(call.block()).isEqualTo("lamp");
            assertThat(names(context).get(key).block()).isEqualTo("lamp");
        });
    }

    static class UnknownVariable {
        @ReactiveCacheable(cache = "names", key = "#ide.toString()")
        public Mono<String> name(long id) {
            return Mono.empty();
        }
    }

    static class MissingHash {
        @ReactiveCacheable(cache = "names", key = "id.toString()")
        public Mono<String> name(long id) {
            return Mono.empty();
        }
    }

    static class UnknownProperty {
        @ReactiveCacheable(cache = "names", key = "'x'", condition = "#root.caches.length > 0")
        public Mono<String> name(long id) {
            return Mono.empty();
        }
    }

    static class UnknownBean {
        @ReactiveCacheable(cache = "names", key = "'x'", unless = "@rules.isSecret(#result)")
        public Mono<String> name(long id) {
            return Mono.empty();
        }
    }

    static class EarlyResult {
        @ReactiveCacheable(cache = "names", key = "#result")
        public Mono<String> name(long id) {
            return Mono.empty();
        }
    }

    static class InAnArgument {
        @ReactiveCacheable(cache = "names", key = "@keys.of(#other + 1)")
        public Mono<String> name(long id) {
            return Mono.empty();
        }
    }

    static class Function {
        @ReactiveCacheable(cache = "names", key = "#hash(#id)")
        public Mono<String> name(long id) {
            return Mono.empty();
        }
    }

    static class Tags {
        @ReactiveCacheable(cache = "names", key = "'x'", tags = "#tags")
        public Mono<String> name(long id) {
            return Mono.empty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "UnknownVariable | there is no #ide, but #a0, #id, #p0 and #root",
                "MissingHash | 'id' is none of the properties of #root, which are [args, method, methodName, target,"
                        + " targetClass]: write #id",
                "UnknownProperty | 'caches' is none of the properties of #root",
                "UnknownBean | there is no bean named 'rules'",
                "EarlyResult | there is no #result",
                "InAnArgument | there is no #other",
                "Function | is a function, and there are none",
                "Tags | there is no #tags, but #a0, #id, #p0, #result and #root",
            })
    void expressionThatAsksForSomethingElseFailsTheStart(String type, String problem) throws ClassNotFoundException {
        application
                .withBean(Class.forName(getClass().getName() + "$" + type))
                .run(context -> assertThat(context).getFailure().rootCause().hasMessageContaining(problem.strip()));
    }

    /** What makes beans of interfaces: HTTP interface clients, repositories. */
    interface NameClient {
        @ReactiveCacheable(cache = "names", key = "#id + #root.methodName")
        Mono<String> name(String id);
    }

    /** Its methods are those of an interface that knows other types. */
    interface GenericClient<T, I> {
        @ReactiveCacheable(cache = "names", key = "#id")
        Mono<T> find(I id);
    }

    interface TextClient extends GenericClient<String, String> {}

    @Configuration(proxyBeanMethods = false)
    static class Clients {
        @Bean
        NameClient plain() {
            return (NameClient) Proxy.newProxyInstance(
                    NameClient.class.getClassLoader(),
                    new Class<?>[] {NameClient.class},
                    (proxy, method, args) -> switch (method.getName()) {
                        case "name" -> Mono.just("plain " + args[0]);
                        case "hashCode" -> 1;
                        case "equals" -> proxy == args[0];
                        default -> "a client";
                    });
        }

        @Bean
        NameClient springs() {
            NameClient client = id -> Mono.just("springs " + id);
            ProxyFactory proxies = new ProxyFactory(client);
            proxies.setInterfaces(NameClient.class);
            return (NameClient) proxies.getProxy();
        }

        @Bean
        TextClient generic() {
            TextClient client = id -> Mono.just("generic " + id);
            return (TextClient) new ProxyFactory(TextClient.class, (org.aopalliance.intercept.MethodInterceptor)
                            call -> client.find((String) call.getArguments()[0]))
                    .getProxy();
        }
    }

    @Test
    void argumentsOfAnInterfaceHaveTheirNamesBehindAProxy() {
        application.withUserConfiguration(Clients.class).run(context -> {
            Map<String, NameClient> clients = context.getBeansOfType(NameClient.class);

            clients.forEach((bean, client) -> {
                assertThat(client.name(bean).block()).isEqualTo(bean + " " + bean);
                assertThat(names(context).get(bean + "name").block()).isEqualTo(bean + " " + bean);
            });
            assertThat(context.getBean(TextClient.class).find("x").block()).isEqualTo("generic x");
            assertThat(names(context).get("x").block()).isEqualTo("generic x");
        });
    }

    @SuppressWarnings("unchecked")
    private static ReactiveCache<String, String> names(AssertableApplicationContext context) {
        return context.getBean("names", ReactiveCache.class);
    }
}
