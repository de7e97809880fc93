/**
 * The policy file: XML to {@link org.jamestls.policy.PolicyTable}, errors that name line and column, and the table of a
 * file that changes while the server runs.
 *
 * <p>{@link org.jamestls.policyfile.PolicyFile} reads a file once. {@link org.jamestls.policyfile.LivePolicy} keeps
 * reading it, and {@link org.jamestls.policyfile.PolicyFiles} shares one such reader among those who name the same file.
 * {@link org.jamestls.policyfile.LocatedPolicies} also tells where in the file each setting stands.
 * A new element of the file is one constant in the class of the element around it ({@code DomainElement.CHILDREN}, for
 * instance) and one method there that reads it.
 */
package org.jamestls.policyfile;
