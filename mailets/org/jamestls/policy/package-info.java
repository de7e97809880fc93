/**
 * Pure values: domain names, policies, the policy table and its look-up, routes, modes, violations. No James, no input or
 * output. Every type is immutable and safe for use by several threads.
 */
package org.jamestls.policy;
