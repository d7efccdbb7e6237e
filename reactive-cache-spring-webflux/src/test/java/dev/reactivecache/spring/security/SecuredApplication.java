package dev.reactivecache.spring.security;

import static org.springframework.security.config.Customizer.withDefaults;

import java.time.Duration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.core.userdetails.MapReactiveUserDetailsService;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.reactive.function.BodyInserters;

/**
 * An application with Spring Security, an operator and a customer, who log in with each request or once for a session.
 */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
class SecuredApplication {
    /** Lets Spring Security in again, which the other tests keep out. */
    static final String WITH_SECURITY = "spring.autoconfigure.exclude=";

    static final String OPERATOR = "operator";
    static final String CUSTOMER = "customer";
    private static final String PASSWORD = "secret";

    @Bean
    MapReactiveUserDetailsService users() {
        return new MapReactiveUserDetailsService(user(OPERATOR, "OPERATOR"), user(CUSTOMER, "CUSTOMER"));
    }

    private static UserDetails user(String name, String role) {
        return User.withUsername(name).password("{noop}" + PASSWORD).roles(role).build();
    }

    @Bean
    SecurityWebFilterChain security(ServerHttpSecurity http) {
        return http.authorizeExchange(requests -> requests.pathMatchers("/open/**")
                        .permitAll()
                        .pathMatchers("/changes", "/actuator/**")
                        .hasRole("OPERATOR")
                        .anyExchange()
                        .authenticated())
                .httpBasic(withDefaults())
                .formLogin(withDefaults())
                .csrf(ServerHttpSecurity.CsrfSpec::disable)
                .build();
    }

    static WebTestClient anonymous(int port) {
        return WebTestClient.bindToServer()
                .baseUrl("http://localhost:" + port)
                .responseTimeout(Duration.ofSeconds(30))
                .build();
    }

    /** Sends the password with each request. */
    static WebTestClient withPassword(int port, String user) {
        return anonymous(port)
                .mutate()
                .defaultHeaders(headers -> headers.setBasicAuth(user, PASSWORD))
                .build();
    }

    /** Sends it once, and the cookie of its session from then on. */
    static WebTestClient withSession(int port, String user) {
        String session = anonymous(port)
                .post()
                .uri("/login")
                .body(BodyInserters.fromFormData("username", user).with("password", PASSWORD))
                .exchange()
                .expectStatus()
                .isFound()
                .returnResult(Void.class)
                .getResponseCookies()
                .getFirst("SESSION")
                .getValue();
        return anonymous(port)
                .mutate()
                .defaultHeader(HttpHeaders.COOKIE, "SESSION=" + session)
                .build();
    }
}
