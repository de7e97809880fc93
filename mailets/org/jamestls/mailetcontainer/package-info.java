/**
 * What {@code mailetcontainer.xml} says, as a model: processors with their mailets in order, matchers with the composite
 * ones resolved, and the processors and deliveries that mail for an enforced domain can get to. Nothing here runs; James
 * does, and each rule names the behaviour of James 3.8 and 3.9 that it follows.
 */
package org.jamestls.mailetcontainer;
