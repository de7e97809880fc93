/** What {@code mailetcontainer.xml} names: the matcher and the mailet. */
package org.jamestls;
