package org.jamestls.policyfile;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import javax.xml.stream.XMLStreamException;
import org.jamestls.policy.CertificateValidation;
import org.jamestls.policy.DomainName;
import org.jamestls.policy.DomainPolicy;
import org.jamestls.policy.EnforcementMode;
import org.jamestls.policy.MailDelivery;
import org.jamestls.policy.MailHostPattern;
import org.jamestls.policy.TrustedCommonName;

/** One element {@code <domain>}: the policy of a domain, as far as it is given. */
final class DomainElement {

    static final String NAME = "domain";
    static final Set<String> ATTRIBUTES = Set.of("name");

    private static final ChildElements<DomainElement> CHILDREN = new ChildElements<DomainElement>()
            .once("mode", DomainElement::readMode)
            .once("excludedSubDomains", DomainElement::readExcludedSubDomains)
            .once("certificateValidation", DomainElement::readCertificateValidation)
            .once("trustedCommonNames", DomainElement::readTrustedCommonNames)
            .once("mailHosts", DomainElement::readMailHosts)
            .once("mailDelivery", DomainElement::readMailDelivery)
            .once("staticRoute", DomainElement::readStaticRoute);
    private static final ChildElements<DomainElement> EXCLUDED_SUB_DOMAINS =
            new ChildElements<DomainElement>().many("subDomain", DomainElement::readSubDomain);
    private static final ChildElements<DomainElement> TRUSTED_COMMON_NAMES =
            new ChildElements<DomainElement>().many("commonName", DomainElement::readCommonName);
    private static final ChildElements<DomainElement> MAIL_HOSTS =
            new ChildElements<DomainElement>().many("mailHost", DomainElement::readMailHost);

    private static final Choice<EnforcementMode> MODE = new Choice<EnforcementMode>()
            .or(EnforcementMode.ENFORCE.value(), EnforcementMode.ENFORCE)
            .or(EnforcementMode.REPORT.value(), EnforcementMode.REPORT);

    private static final Choice<CertificateValidation> VALIDATION = new Choice<CertificateValidation>()
            .or("strong", CertificateValidation.STRONG)
            .or("relaxed", CertificateValidation.RELAXED);
    private static final MailDelivery INBOUND_ROUTE = new MailDelivery.InboundRoute();

    /** What {@code <mailDelivery>} says. */
    private enum Delivery {
        INBOUND_ROUTE,
        STATIC_ROUTE
    }

    private static final Choice<Delivery> DELIVERY =
            new Choice<Delivery>().or("inboundRoute", Delivery.INBOUND_ROUTE).or("staticRoute", Delivery.STATIC_ROUTE);

    private final Place place;
    private final Optional<DomainName> name;
    private Optional<Setting<EnforcementMode>> mode = Optional.empty();
    private Map<DomainName, Place> excludedSubDomains = Map.of();
    private Optional<Setting<CertificateValidation>> certificateValidation = Optional.empty();
    private Optional<Setting<Map<TrustedCommonName, Place>>> trustedCommonNames = Optional.empty();
    private Optional<Setting<Map<MailHostPattern, Place>>> mailHosts = Optional.empty();
    private Optional<Setting<Delivery>> mailDelivery = Optional.empty();
    private Optional<Setting<MailDelivery.StaticRoute>> staticRoute = Optional.empty();

    private DomainElement(Place place, Optional<DomainName> name) {
        this.place = place;
        this.name = name;
    }

    static DomainElement read(ElementCursor element) throws XMLStreamException {
        DomainElement domain =
                new DomainElement(element.place(), element.attribute("name", "bank.example", DomainName::parse));
        CHILDREN.read(element, domain);
        domain.check(element);
        return domain;
    }

    private void readMode(ElementCursor element) throws XMLStreamException {
        mode = Optional.of(element.value(EnforcementMode.ENFORCE.value(), MODE));
    }

    private void readExcludedSubDomains(ElementCursor element) throws XMLStreamException {
        excludedSubDomains = new LinkedHashMap<>();
        EXCLUDED_SUB_DOMAINS.readSome(element, this);
    }

    private void readSubDomain(ElementCursor element) throws XMLStreamException {
        Setting<DomainName> subDomain = element.value("lists.bank.example", DomainName::parse);
        subDomain.value().ifPresent(excluded -> excludedSubDomains.putIfAbsent(excluded, subDomain.element()));
    }

    private void readCertificateValidation(ElementCursor element) throws XMLStreamException {
        certificateValidation = Optional.of(element.value("strong", VALIDATION));
    }

    private void readTrustedCommonNames(ElementCursor element) throws XMLStreamException {
        trustedCommonNames = Optional.of(new Setting<>(element.place(), Optional.of(new LinkedHashMap<>())));
        TRUSTED_COMMON_NAMES.readSome(element, this);
    }

    private void readCommonName(ElementCursor element) throws XMLStreamException {
        Setting<TrustedCommonName> commonName = element.value("mx.hosting.example", TrustedCommonName::parse);
        commonName
                .value()
                .ifPresent(name -> trustedCommonNames
                        .flatMap(Setting::value)
                        .orElseThrow()
                        .putIfAbsent(name, commonName.element()));
    }

    private void readMailHosts(ElementCursor element) throws XMLStreamException {
        mailHosts = Optional.of(new Setting<>(element.place(), Optional.of(new LinkedHashMap<>())));
        MAIL_HOSTS.readSome(element, this);
    }

    private void readMailHost(ElementCursor element) throws XMLStreamException {
        Setting<MailHostPattern> mailHost = element.value("mx1.bank.example", MailHostPattern::parse);
        mailHost.value()
                .ifPresent(pattern ->
                        mailHosts.flatMap(Setting::value).orElseThrow().putIfAbsent(pattern, mailHost.element()));
    }

    private void readMailDelivery(ElementCursor element) throws XMLStreamException {
        mailDelivery = Optional.of(element.value("inboundRoute", DELIVERY));
    }

    private void readStaticRoute(ElementCursor element) throws XMLStreamException {
        staticRoute = Optional.of(element.value("192.0.2.25:25", MailDelivery.StaticRoute::parse));
    }

    /** Tells the settings that contradict each other. */
    private void check(ElementCursor element) {
        Optional<CertificateValidation> validation = certificateValidation.flatMap(Setting::value);
        if (trustedCommonNames.isPresent() && validation.equals(Optional.of(CertificateValidation.RELAXED))) {
            element.tell(
                    trustedCommonNames.get().element(),
                    "<trustedCommonNames> under relaxed validation, which checks no name; remove it, or write"
                            + " <certificateValidation>strong</certificateValidation>");
        }
        boolean deliveryUnknown =
                mailDelivery.isPresent() && mailDelivery.get().value().isEmpty();
        if (deliveryUnknown) {
            return;
        }
        Delivery delivery = mailDelivery.flatMap(Setting::value).orElse(Delivery.INBOUND_ROUTE);
        if (delivery == Delivery.STATIC_ROUTE && staticRoute.isEmpty()) {
            element.tell(
                    mailDelivery.orElseThrow().element(),
                    "<mailDelivery> is staticRoute but there is no <staticRoute>; write one such as"
                            + " <staticRoute>192.0.2.25:25</staticRoute>");
        }
        if (delivery == Delivery.STATIC_ROUTE && mailHosts.isPresent()) {
            element.tell(
                    mailHosts.get().element(),
                    "<mailHosts> beside staticRoute delivery, which asks the DNS for no mail host; remove it, or remove"
                            + " <staticRoute> and write <mailDelivery>inboundRoute</mailDelivery>");
        }
        if (delivery == Delivery.INBOUND_ROUTE && staticRoute.isPresent()) {
            element.tell(
                    staticRoute.get().element(),
                    "<staticRoute> without staticRoute delivery; remove it, or write"
                            + " <mailDelivery>staticRoute</mailDelivery>");
        }
    }

    /** Where the element and its settings stand. */
    EntryPlaces<Place> places() {
        return new EntryPlaces<>(
                place,
                mode.map(Setting::element),
                excludedSubDomains,
                certificateValidation.map(Setting::element),
                trustedCommonNames.flatMap(Setting::value).orElse(Map.of()),
                mailHosts.flatMap(Setting::value).orElse(Map.of()),
                mailDelivery.map(Setting::element),
                staticRoute.map(Setting::element));
    }

    /** The policy; empty when the name is wrong. What is wrong beside the name, and has been told, is left out. */
    Optional<DomainPolicy> toPolicy() {
        return name.map(domain -> new DomainPolicy(
                domain,
                mode.flatMap(Setting::value).orElse(EnforcementMode.ENFORCE),
                sortedExcludedSubDomains(),
                toCertificateValidation(),
                toMailDelivery()));
    }

    private SortedSet<DomainName> sortedExcludedSubDomains() {
        return excludedSubDomains.isEmpty() ? Collections.emptySortedSet() : new TreeSet<>(excludedSubDomains.keySet());
    }

    private CertificateValidation toCertificateValidation() {
        return trustedCommonNames
                .flatMap(Setting::value)
                .<CertificateValidation>map(names -> new CertificateValidation.Strong(names.keySet()))
                .or(() -> certificateValidation.flatMap(Setting::value))
                .orElse(CertificateValidation.STRONG);
    }

    private MailDelivery toMailDelivery() {
        return staticRoute
                .flatMap(Setting::value)
                .<MailDelivery>map(route -> route)
                .or(() -> mailHosts
                        .flatMap(Setting::value)
                        .map(patterns -> new MailDelivery.InboundRoute(patterns.keySet())))
                .orElse(INBOUND_ROUTE);
    }
}
