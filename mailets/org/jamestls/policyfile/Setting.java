package org.jamestls.policyfile;

import java.util.Optional;

/**
 * A value and the element that gives it.
 *
 * @param element the element's start tag
 * @param value the value; empty when it was wrong, which has been told
 */
record Setting<T>(Place element, Optional<T> value) {}
