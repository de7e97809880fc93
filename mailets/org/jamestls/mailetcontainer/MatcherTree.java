package org.jamestls.mailetcontainer;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A matcher with the matchers that it is composed of. */
public sealed interface MatcherTree {

    /** How many of the recipients it matches. */
    Coverage coverage(Recipients recipients);

    /** What is known of recipients whom it matched. */
    Recipients matched(Recipients recipients);

    /** What is known of recipients whom it did not match. */
    Recipients unmatched(Recipients recipients);

    /** Whether it may throw, so that {@code onMatchException} decides. */
    boolean mayThrow();

    /**
     * The policy files whose enforced recipients it asks for.
     *
     * @param matching whether those are meant whom it matches, else those whom it leaves out
     */
    Set<String> policies(boolean matching);

    /** A matcher by itself. */
    record Simple(MatcherName name) implements MatcherTree {
        @Override
        public Coverage coverage(Recipients recipients) {
            return recipients.coverage(name);
        }

        @Override
        public Recipients matched(Recipients recipients) {
            return recipients.knowing(name, Coverage.ALL);
        }

        @Override
        public Recipients unmatched(Recipients recipients) {
            return recipients.knowing(name, Coverage.NONE);
        }

        @Override
        public boolean mayThrow() {
            return !name.isAll() && name.policy().isEmpty();
        }

        @Override
        public Set<String> policies(boolean matching) {
            return matching ? name.policy().map(Set::of).orElse(Set.of()) : Set.of();
        }

        @Override
        public String toString() {
            return name.text();
        }
    }

    /** A matcher of several. */
    sealed interface Composite extends MatcherTree {
        List<MatcherTree> matchers();

        @Override
        default boolean mayThrow() {
            return matchers().stream().anyMatch(MatcherTree::mayThrow);
        }

        @Override
        default Set<String> policies(boolean matching) {
            return matchers().stream()
                    .flatMap(matcher -> matcher.policies(matching).stream())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** Those whom one of the matchers matches. */
    record Or(List<MatcherTree> matchers) implements Composite {
        @Override
        public Coverage coverage(Recipients recipients) {
            return matchers.stream()
                    .map(matcher -> matcher.coverage(recipients))
                    .reduce(Coverage.NONE, Coverage::or);
        }

        @Override
        public Recipients matched(Recipients recipients) {
            return theOneThatDecides(matchers, recipients, Coverage.NONE, only -> only.matched(recipients));
        }

        @Override
        public Recipients unmatched(Recipients recipients) {
            Recipients known = recipients;
            for (MatcherTree matcher : matchers) {
                known = matcher.unmatched(known);
            }
            return known;
        }

        @Override
        public String toString() {
            return list("Or", matchers);
        }
    }

    /** Those whom all of the matchers match. */
    record And(List<MatcherTree> matchers) implements Composite {
        @Override
        public Coverage coverage(Recipients recipients) {
            return matchers.stream()
                    .map(matcher -> matcher.coverage(recipients))
                    .reduce(Coverage::and)
                    .orElse(Coverage.NONE);
        }

        @Override
        public Recipients matched(Recipients recipients) {
            Recipients known = recipients;
            for (MatcherTree matcher : matchers) {
                known = matcher.matched(known);
            }
            return known;
        }

        @Override
        public Recipients unmatched(Recipients recipients) {
            return theOneThatDecides(matchers, recipients, Coverage.ALL, only -> only.unmatched(recipients));
        }

        @Override
        public String toString() {
            return list("And", matchers);
        }
    }

    /** Those whom the matcher does not match. */
    record Not(MatcherTree matcher) implements MatcherTree {
        @Override
        public Coverage coverage(Recipients recipients) {
            return matcher.coverage(recipients).not();
        }

        @Override
        public Recipients matched(Recipients recipients) {
            return matcher.unmatched(recipients);
        }

        @Override
        public Recipients unmatched(Recipients recipients) {
            return matcher.matched(recipients);
        }

        @Override
        public boolean mayThrow() {
            return matcher.mayThrow();
        }

        @Override
        public Set<String> policies(boolean matching) {
            return matcher.policies(!matching);
        }

        @Override
        public String toString() {
            return "Not(" + matcher + ")";
        }
    }

    /** Those whom an odd number of the matchers matches, as James folds them. */
    record Xor(List<MatcherTree> matchers) implements Composite {
        @Override
        public Coverage coverage(Recipients recipients) {
            return matchers.stream()
                    .map(matcher -> matcher.coverage(recipients))
                    .reduce(Coverage.NONE, Coverage::xor);
        }

        @Override
        public Recipients matched(Recipients recipients) {
            return recipients;
        }

        @Override
        public Recipients unmatched(Recipients recipients) {
            return recipients;
        }

        @Override
        public Set<String> policies(boolean matching) {
            Set<String> policies = new TreeSet<>(Composite.super.policies(true));
            policies.addAll(Composite.super.policies(false));
            return policies;
        }

        @Override
        public String toString() {
            return list("Xor", matchers);
        }
    }

    /** Where all matchers but one are settled, the outcome of the whole is that one's; else nothing is learnt. */
    private static Recipients theOneThatDecides(
            List<MatcherTree> matchers,
            Recipients recipients,
            Coverage settled,
            Function<MatcherTree, Recipients> learn) {
        List<MatcherTree> open = matchers.stream()
                .filter(matcher -> matcher.coverage(recipients) != settled)
                .toList();
        return open.size() == 1 ? learn.apply(open.get(0)) : recipients;
    }

    private static String list(String name, List<MatcherTree> matchers) {
        return name + matchers.stream().map(MatcherTree::toString).collect(Collectors.joining(", ", "(", ")"));
    }
}
