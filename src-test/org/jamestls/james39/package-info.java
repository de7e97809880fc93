/**
 * The jar for James 3.9 in James 3.9's own mailet container, on a Java that James 3.9 asks for, and the check that every
 * symbol our classes name exists in both versions.
 */
package org.jamestls.james39;
