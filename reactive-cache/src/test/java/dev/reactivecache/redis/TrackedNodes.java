package dev.reactivecache.redis;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Has the nodes of a test class track keys, where they would listen to keyspace notifications. */
final class TrackedNodes implements BeforeAllCallback, AfterAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        Node.source = ChangeSource.TRACKING;
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Node.source = ChangeSource.EVENTS;
    }
}
