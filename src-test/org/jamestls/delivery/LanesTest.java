package org.jamestls.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LanesTest {

    private static final int PER_LANE = 5;
    private static final int IN_ALL = 100;

    private final AtomicLong time = new AtomicLong();

    private Lanes<Integer> lanes(int perLane, int inAll) {
        return new Lanes<>(perLane, inAll, time::get);
    }

    /** Adds so many items and counts the threads that the lane gets for them. */
    private static int threadsFor(Lanes<Integer> lanes, String destination, int items) {
        int threads = 0;
        for (int i = 0; i < items; i++) {
            threads += lanes.add(destination, i) ? 1 : 0;
        }
        return threads;
    }

    @Test
    void firstItemShouldGetAThread() {
        assertThat(lanes(PER_LANE, IN_ALL).add("a.example", 1)).isTrue();
    }

    @Test
    void fewItemsShouldShareOneThread() {
        assertThat(threadsFor(lanes(PER_LANE, IN_ALL), "a.example", Lanes.WAITING_PER_THREAD))
                .isEqualTo(1);
    }

    @Test
    void manyItemsShouldGetThreadsAsTheyPileUp() {
        Lanes<Integer> testee = lanes(PER_LANE, IN_ALL);

        assertThat(threadsFor(testee, "a.example", 2 * Lanes.WAITING_PER_THREAD))
                .isEqualTo(2);
        assertThat(threadsFor(testee, "a.example", 1000)).isEqualTo(PER_LANE - 2);
    }

    @Test
    void itemThatWaitsLongShouldGetAThread() {
        Lanes<Integer> testee = lanes(PER_LANE, IN_ALL);
        testee.add("a.example", 1);
        assertThat(testee.understaffed()).isEmpty();

        time.addAndGet(Lanes.LONG_WAIT_NANOS + 1);

        assertThat(testee.understaffed()).contains("a.example");
    }

    @Test
    void laneShouldNeverGetMoreThanHalfOfTheThreadsThatAreFree() {
        Lanes<Integer> testee = lanes(IN_ALL, 16);

        assertThat(threadsFor(testee, "a.example", 1000)).isEqualTo(5);
        assertThat(threadsFor(testee, "b.example", 1000)).isEqualTo(4);
        assertThat(threadsFor(testee, "c.example", 1000)).isEqualTo(2);
        assertThat(threadsFor(testee, "d.example", 1)).isEqualTo(1);
    }

    @Test
    void itemsShouldComeInTheirOrder() {
        Lanes<Integer> testee = lanes(PER_LANE, IN_ALL);
        threadsFor(testee, "a.example", 3);

        assertThat(allOf(testee, "a.example")).containsExactly(0, 1, 2);
    }

    private static List<Integer> allOf(Lanes<Integer> lanes, String destination) {
        List<Integer> items = new ArrayList<>();
        for (Optional<Integer> item = lanes.next(destination); item.isPresent(); item = lanes.next(destination)) {
            items.add(item.get());
        }
        return items;
    }

    @Test
    void emptyLaneShouldReleaseItsThread() {
        Lanes<Integer> testee = lanes(1, 1);
        testee.add("a.example", 1);
        assertThat(testee.add("b.example", 2)).as("the only thread is in use").isFalse();

        assertThat(testee.next("a.example")).contains(1);
        assertThat(testee.next("a.example")).isEmpty();

        assertThat(testee.understaffed()).contains("b.example");
        assertThat(testee.next("b.example")).contains(2);
    }

    @Test
    void laneShouldLeaveItsOnlyThreadToAnotherAfterItsTurn() {
        Lanes<Integer> testee = lanes(1, 1);
        threadsFor(testee, "a.example", 100);
        testee.add("b.example", 1);

        assertThat(allOf(testee, "a.example")).hasSize(Lanes.TURN);
        assertThat(testee.understaffed()).contains("b.example");
        assertThat(testee.understaffed()).isEmpty();
        assertThat(allOf(testee, "b.example")).hasSize(1);
        assertThat(testee.understaffed()).contains("a.example");
    }

    @Test
    void laneWithSeveralThreadsShouldLeaveOneToALaneWithNone() {
        Lanes<Integer> testee = lanes(PER_LANE, 6);
        assertThat(threadsFor(testee, "a.example", 100)).isEqualTo(2);
        for (String other : List.of("b.example", "c.example", "d.example", "e.example")) {
            assertThat(testee.add(other, 1)).isTrue();
        }
        assertThat(testee.add("f.example", 1)).isFalse();

        assertThat(testee.next("a.example")).isEmpty();

        assertThat(testee.understaffed()).contains("f.example");
        assertThat(testee.next("a.example")).isPresent();
    }

    @Test
    void laneThatMovesShouldHoldAsMuchAsItLikes() {
        Lanes<Integer> testee = lanes(PER_LANE, IN_ALL);
        threadsFor(testee, "a.example", 100);

        assertThat(testee.overflow(100)).isEmpty();
    }

    @Test
    void laneThatHardlyMovesShouldHoldHalfOfWhatTheOthersLeave() {
        Lanes<Integer> testee = lanes(PER_LANE, IN_ALL);
        threadsFor(testee, "a.example", 60);
        threadsFor(testee, "b.example", 40);
        time.addAndGet(Lanes.STALLED_NANOS + 1);

        List<Integer> overflow = testee.overflow(100);

        assertThat(testee.close()).hasSizeLessThanOrEqualTo(75).hasSize(100 - overflow.size());
        assertThat(overflow).as("the newest of each").contains(59, 39).doesNotContain(0);
    }

    @Test
    void stalledLanesShouldNotTakeFromThoseThatMove() {
        Lanes<Integer> testee = lanes(PER_LANE, IN_ALL);
        threadsFor(testee, "stalled.example", 90);
        time.addAndGet(Lanes.STALLED_NANOS + 1);
        testee.add("moving.example", 1000);

        assertThat(testee.overflow(100)).hasSize(90 - 49).doesNotContain(1000);
    }

    @Test
    void threadThatDoesNotComeShouldBeMadeGood() {
        Lanes<Integer> testee = lanes(1, 1);
        assertThat(testee.add("a.example", 1)).isTrue();

        testee.leave("a.example");

        assertThat(testee.understaffed()).contains("a.example");
        assertThat(testee.next("a.example")).contains(1);
    }

    @Test
    void closeShouldReturnWhatWaitsAndTakeNothingMore() {
        Lanes<Integer> testee = lanes(PER_LANE, IN_ALL);
        threadsFor(testee, "a.example", 3);
        testee.next("a.example");
        testee.add("b.example", 7);

        assertThat(testee.close()).containsExactlyInAnyOrder(1, 2, 7);
        assertThat(testee.next("a.example")).isEmpty();
        assertThatThrownBy(() -> testee.add("a.example", 4)).isInstanceOf(RejectedExecutionException.class);
    }
}
