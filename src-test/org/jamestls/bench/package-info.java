/** Measurements, run by {@code mvn -B -Pbench verify}. They print ratios, which do not depend on the machine as times do. */
package org.jamestls.bench;
