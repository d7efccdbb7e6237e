package dev.reactivecache.redis;

/** What nodes say to each other about receipts. A node that hears it has applied every change that came before it. */
sealed interface ReceiptWord {
    /**
     * A question to all nodes that have a cache open.
     *
     * @param asker the node that asks
     * @param id differs for each of its questions
     * @param cache the cache
     */
    record Ticket(String asker, String id, String cache) implements ReceiptWord {}

    /**
     * An answer to a question of this node's.
     *
     * @param id of the question
     * @param node that answers
     */
    record Answer(String id, String node) implements ReceiptWord {}
}
