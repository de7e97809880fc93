package org.jamestls.cli;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import org.jamestls.policy.PeerText;

/** Says why a file could not be used. */
final class InputFailure {

    private InputFailure() {}

    static String message(String file, Exception failure) {
        return PeerText.clean(file) + ": " + reason(failure);
    }

    private static String reason(Exception failure) {
        if (failure instanceof NoSuchFileException) {
            return "the file is missing";
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return "the file exists already; write another name, or remove it first";
        }
        return PeerText.clean(String.valueOf(failure.getMessage()));
    }
}
