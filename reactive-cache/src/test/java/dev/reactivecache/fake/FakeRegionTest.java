package dev.reactivecache.fake;

import dev.reactivecache.remote.RegionListener;
import dev.reactivecache.remote.RemoteRegion;
import java.time.Duration;
import reactor.test.scheduler.VirtualTimeScheduler;

/** The tier that unit tests run on promises what one on Redis does. */
class FakeRegionTest extends RefreshContract {
    private final VirtualTimeScheduler timer = VirtualTimeScheduler.create();
    private final RemoteRegion region = new FakeServer(timer).connect().open("contract", new RegionListener() {
        @Override
        public void onChange(String key, Change change) {}

        @Override
        public void onGap(String reason) {}
    });

    @Override
    protected RemoteRegion region() {
        return region;
    }

    @Override
    protected void letPass(Duration span) {
        timer.advanceTimeBy(span);
    }
}
