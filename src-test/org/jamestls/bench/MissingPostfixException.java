package org.jamestls.bench;

/** There is no Postfix that the benchmark could start; the message says why. */
final class MissingPostfixException extends Exception {

    MissingPostfixException(String why) {
        super(why);
    }
}
