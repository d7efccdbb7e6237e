package dev.reactivecache.redis;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtendWith;

/** What holds of a stream of keyspace notifications holds of one of tracked keys. */
@ExtendWith(TrackedNodes.class)
class TrackedScenariosIT {
    @Nested
    class TwoNodes extends TwoNodesIT {
        TwoNodes(RedisServer redis, NodePair nodes) {
            super(redis, nodes);
        }
    }

    @Nested
    class Gaps extends GapsIT {
        Gaps(RedisServer redis) {
            super(redis);
        }
    }

    @Nested
    class Receipts extends ReceiptsIT {}

    @Nested
    class Sentinels extends SentinelIT {}

    @Nested
    class Tags extends TagsIT {
        Tags(RedisServer redis, NodePair nodes) {
            super(redis, nodes);
        }
    }

    @Nested
    class Fleet extends FleetFlightIT {
        Fleet(RedisServer redis) {
            super(redis);
        }
    }

    @Nested
    class ForeignWrites extends ForeignWritesIT {
        ForeignWrites(RedisServer redis, NodePair nodes) {
            super(redis, nodes);
        }
    }
}
