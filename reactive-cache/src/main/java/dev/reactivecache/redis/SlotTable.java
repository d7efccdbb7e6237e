package dev.reactivecache.redis;

import dev.reactivecache.internal.entry.Tokens;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode.NodeFlag;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Which master of a cluster has which slots, as one view of it says. Masters without slots, and masters that the others
 * take to be dead, are left out. Does not change.
 */
final class SlotTable {
    static final SlotTable EMPTY = new SlotTable();

    /** How often a key is drawn at most. A master with one slot takes as many draws as there are slots, roughly. */
    private static final int DRAWS = 16 * SlotHash.SLOT_COUNT;

    private final Map<Master, BitSet> slots = new LinkedHashMap<>();
    private final ConcurrentMap<Master, ServerKeys> keys = new ConcurrentHashMap<>();
    private final @Nullable Master[] owners = new Master[SlotHash.SLOT_COUNT];

    /** A master: which one it is, and where. */
    record Master(String id, String host, int port) {}

    private SlotTable() {}

    static SlotTable of(Iterable<RedisClusterNode> nodes) {
        SlotTable table = new SlotTable();
        for (RedisClusterNode node : nodes) {
            if (node.getRole().isUpstream() && !node.is(NodeFlag.FAIL) && !node.hasNoSlots()) {
                table.add(node);
            }
        }
        return table;
    }

    /**
     * Of the URI of a node only host and port are of use: whether it says who we are depends on which node was asked.
     */
    private void add(RedisClusterNode node) {
        RedisURI uri = node.getUri();
        Master master = new Master(node.getNodeId(), uri.getHost(), uri.getPort());
        BitSet owned = new BitSet(SlotHash.SLOT_COUNT);
        node.forEachSlot(slot -> {
            owned.set(slot);
            owners[slot] = master;
        });
        slots.put(master, owned);
    }

    Set<Master> masters() {
        return slots.keySet();
    }

    /** The master that has a key's slot, or null if none is known. */
    @Nullable
    Master ownerOf(byte[] key) {
        return owners[SlotHash.getSlot(key)];
    }

    /** How many slots have no master. */
    int uncovered() {
        int covered = 0;
        for (BitSet owned : slots.values()) {
            covered += owned.cardinality();
        }
        return SlotHash.SLOT_COUNT - covered;
    }

    /** Keys that the given master has. Of a master without slots any: it will refuse them. */
    ServerKeys keys(Master master, KeyLayout layout) {
        return keys.computeIfAbsent(master, owner -> new Keys(owner, layout));
    }

    private final class Keys implements ServerKeys {
        private final Master master;
        private final KeyLayout layout;
        private final byte[] guard;

        Keys(Master master, KeyLayout layout) {
            this.master = master;
            this.layout = layout;
            byte[] key = layout.guardKey("");
            for (int draw = 0; draw < DRAWS && !master.equals(ownerOf(key)); draw++) {
                key = layout.guardKey(":" + draw);
            }
            this.guard = key;
        }

        @Override
        public byte[] probe() {
            byte[] key = layout.probeKey(Tokens.next());
            for (int draw = 0; draw < DRAWS && !master.equals(ownerOf(key)); draw++) {
                key = layout.probeKey(Tokens.next());
            }
            return key;
        }

        @Override
        public byte[] guard() {
            return guard;
        }
    }

    /** Whether the same masters have the same slots. */
    boolean says(SlotTable other) {
        return slots.equals(other.slots);
    }
}
