package org.jamestls.policyfile;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jamestls.policy.InvalidValueException;
import org.jamestls.policy.PeerText;

/**
 * The values among which an element chooses, by the words that stand for them.
 *
 * @param <T> what they mean
 */
final class Choice<T> implements Function<String, T> {

    private final Map<String, T> meanings = new LinkedHashMap<>();

    Choice<T> or(String word, T meaning) {
        meanings.put(word, meaning);
        return this;
    }

    /**
     * The meaning of a word.
     *
     * @throws InvalidValueException when it has none
     */
    @Override
    public T apply(String word) {
        T meaning = meanings.get(word);
        if (meaning == null) {
            throw new InvalidValueException("unknown value '" + PeerText.clean(word) + "'; write " + words());
        }
        return meaning;
    }

    /** The words, as a message lists them. */
    String words() {
        return String.join(" or ", meanings.keySet());
    }
}
