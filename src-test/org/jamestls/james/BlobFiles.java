package org.jamestls.james;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.james.filesystem.api.FileSystem;
import org.apache.james.queue.activemq.FileSystemBlobTransferPolicy;

/** James's file system, as far as its queue of ActiveMQ keeps the mails' contents there: absolute addresses of files. */
final class BlobFiles implements FileSystem {

    private BlobFiles() {}

    /** James's way to keep contents beside the queue, in a directory. */
    static FileSystemBlobTransferPolicy in(Path directory) {
        FileSystemBlobTransferPolicy policy = new FileSystemBlobTransferPolicy();
        policy.setDefaultUploadUrl("file://" + directory.toAbsolutePath());
        policy.setFileSystem(new BlobFiles());
        return policy;
    }

    @Override
    public InputStream getResource(String url) throws IOException {
        return Files.newInputStream(getFile(url).toPath());
    }

    @Override
    public File getFile(String url) {
        return new File(URI.create(url).getPath());
    }

    @Override
    public File getBasedir() {
        return new File("");
    }
}
