package org.jamestls.demo;

import java.util.List;

/**
 * One mail, and where each of its recipients' ways has to end.
 *
 * @param title what the case shows
 * @param sender the sender's address, of no other case
 * @param journeys one per recipient
 */
record DemoCase(String title, String sender, List<Journey> journeys) {

    List<String> recipients() {
        return journeys.stream().map(Journey::recipient).toList();
    }
}
