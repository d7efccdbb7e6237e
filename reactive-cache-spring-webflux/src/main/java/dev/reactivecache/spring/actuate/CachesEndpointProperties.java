package dev.reactivecache.spring.actuate;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the endpoint reactivecaches shows.
 *
 * @param showValues Whether the value of a key is shown, as text.
 */
@ConfigurationProperties("management.endpoint.reactivecaches")
record CachesEndpointProperties(@DefaultValue("false") boolean showValues) {}
