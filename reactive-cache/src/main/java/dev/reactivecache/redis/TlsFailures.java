package dev.reactivecache.redis;

import io.netty.handler.ssl.NotSslRecordException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Tells TLS connections that will never come about from those that were cut off. */
final class TlsFailures {
    private TlsFailures() {}

    /** What is to be done about it, or null if it may pass. */
    static @Nullable String remedyOf(@Nullable Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof NotSslRecordException) {
                return "the server does not speak TLS on this port: use redis:// instead of rediss://, or its TLS port";
            }
            if (cause instanceof CertificateException
                    || cause instanceof CertPathBuilderException
                    || cause instanceof CertPathValidatorException) {
                return "its certificate is not accepted: trust the authority that issued it, with SslOptions, and use"
                        + " the host name that it is for";
            }
            if (cause instanceof SSLException && isAlert(cause.getMessage())) {
                return "it wants another certificate of ours, or none that we have: show one with the keyManager of"
                        + " SslOptions";
            }
        }
        return null;
    }

    private static boolean isAlert(@Nullable String message) {
        return message != null && message.contains("fatal alert") && !message.contains("close_notify");
    }
}
