package dev.reactivecache.redis;

import dev.reactivecache.remote.RegionListener.Change;

/**
 * Hears what changes in Redis. Each connection calls it on its own event loop, in the order in which its server sent
 * the changes.
 */
interface ChangeListener {
    /** A key of ours changed. */
    void onChange(KeyLayout.EntryKey entry, Change change);

    /** A key of ours changed: by this node's own fill, and perhaps by others before that. */
    void onEcho(KeyLayout.EntryKey entry, OwnFills.OwnFill fill);

    /** A load of a key has ended, and has left it its content. */
    void onLoadEnd(KeyLayout.EntryKey entry);

    /** A node asks for a receipt, or gives one. All changes before it have been passed on already. */
    void onReceipt(ReceiptWord word);
}
