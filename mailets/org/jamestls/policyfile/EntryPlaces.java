package org.jamestls.policyfile;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.MailHostPattern;
import org.jamestls.policy.TrustedCommonName;

/**
 * Where one {@code <domain>} and the settings in it stand; a setting that is not written has no place.
 *
 * @param <P> what says where
 * @param domain the element itself
 * @param mode {@code <mode>}
 * @param excludedSubDomains each {@code <subDomain>}
 * @param certificateValidation {@code <certificateValidation>}
 * @param trustedCommonNames each {@code <commonName>}
 * @param mailHosts each {@code <mailHost>}
 * @param mailDelivery {@code <mailDelivery>}
 * @param staticRoute {@code <staticRoute>}
 */
public record EntryPlaces<P>(
        P domain,
        Optional<P> mode,
        Map<DomainName, P> excludedSubDomains,
        Optional<P> certificateValidation,
        Map<TrustedCommonName, P> trustedCommonNames,
        Map<MailHostPattern, P> mailHosts,
        Optional<P> mailDelivery,
        Optional<P> staticRoute) {

    /** The place of an exclusion, or of the entry when there is none to tell. */
    P of(Optional<DomainName> excludedSubDomain) {
        return excludedSubDomain.map(excludedSubDomains::get).orElse(domain);
    }

    void forEach(Consumer<P> action) {
        action.accept(domain);
        mode.ifPresent(action);
        excludedSubDomains.values().forEach(action);
        certificateValidation.ifPresent(action);
        trustedCommonNames.values().forEach(action);
        mailHosts.values().forEach(action);
        mailDelivery.ifPresent(action);
        staticRoute.ifPresent(action);
    }

    <Q> EntryPlaces<Q> map(Function<P, Q> function) {
        return new EntryPlaces<>(
                function.apply(domain),
                mode.map(function),
                map(excludedSubDomains, function),
                certificateValidation.map(function),
                map(trustedCommonNames, function),
                map(mailHosts, function),
                mailDelivery.map(function),
                staticRoute.map(function));
    }

    private static <K, P, Q> Map<K, Q> map(Map<K, P> places, Function<P, Q> function) {
        Map<K, Q> mapped = new LinkedHashMap<>();
        places.forEach((key, place) -> mapped.put(key, function.apply(place)));
        return mapped;
    }
}
