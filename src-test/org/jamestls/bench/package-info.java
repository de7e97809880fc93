/**
 * Measurements, run by {@code mvn -B -Pbench verify}. Each result is printed as {@code name=value} when it is known, and
 * all of them are written to {@code target/bench/results.json}, where what was {@code skipped} or {@code failed} is null.
 * {@link org.jamestls.bench.Options} lists the properties; {@code -Dbench.only=one_destination} holds one contest.
 *
 * <p><b>Who competes.</b> {@code james}: James's own RemoteDelivery with {@code startTLS} and everything else as it comes.
 * {@code ours}: TlsRemoteDelivery out of the drop-in jar, strong validation. Both are one mailet in a JVM of its own with
 * the same heap, collector, log, James memory queue, DNS and mails, and are handed each mail by {@code service()}.
 * {@code postfix} and {@code postfix_reuse}, where Postfix is installed and may be started: level {@code secure}, without
 * and with {@code smtp_tls_connection_reuse}, its defaults otherwise; it has taken the mails before the clock starts, its
 * queue is in memory where that is possible.
 *
 * <p><b>To whom.</b> The sink, a process of its own on the same processors, takes every mail over TLS 1.3 with an ECDSA
 * P-256 certificate, resumes sessions, and forgets the mail. It announces PIPELINING and CHUNKING. It counts: a round in
 * which one mail is missing, doubled, truncated or in the clear fails. No round begins before all connections of the round
 * before have ended, so each pays for its own handshakes; for that our {@code connectionIdleTime} is a second.
 *
 * <p><b>What is measured.</b> The time from the first mail handed over until the sink had the last, and the processor time
 * of the sender's whole JVM, its queue, log and collector included. Senders take turns, after a warm-up; medians count.
 *
 * <table>
 * <caption>How to read the ratios</caption>
 * <tr><th>name</th><th>is</th><th>better</th></tr>
 * <tr><td>{@code *.vs_james}, {@code *.vs_postfix}</td><td>our mails per second divided by theirs; of Postfix, its better
 *     setting</td><td>larger</td></tr>
 * <tr><td>{@code *.cpu_vs_james}</td><td>our processor time per mail divided by theirs</td><td>smaller</td></tr>
 * <tr><td>{@code slow_neighbour.others}</td><td>our mails per second to 19 destinations beside one that answers everything
 *     after 5 s, divided by those without it</td><td>larger, at most about 1</td></tr>
 * <tr><td>{@code growth.x10}, {@code growth.x100}</td><td>our processor time per mail with 10,000 and 100,000 mails queued
 *     at once, divided by that with 1,000</td><td>smaller, 1 is flat</td></tr>
 * <tr><td>{@code policy_lookup.x20000}</td><td>time of look-ups among 200,000 domains divided by that among 10</td>
 *     <td>smaller, 1 is flat</td></tr>
 * </table>
 *
 * <p>{@code one_destination.mtu1500} is the first contest again where the loopback interface carries packets of 1,500
 * bytes, as real networks do; it needs a network namespace. {@code latency} goes through {@link
 * org.jamestls.bench.DelayingRelay}.
 */
package org.jamestls.bench;
