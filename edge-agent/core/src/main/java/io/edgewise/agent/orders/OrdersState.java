// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent.orders;

import com.google.protobuf.InvalidProtocolBufferException;
import io.edgewise.contracts.Signing;
import io.edgewise.contracts.Ulid;
import io.edgewise.contracts.v1.DeviceContext;
import io.edgewise.contracts.v1.Directive;
import io.edgewise.contracts.v1.Hybrid;
import io.edgewise.contracts.v1.KeySet;
import io.edgewise.contracts.v1.Lease;
import io.edgewise.contracts.v1.ModelRef;
import io.edgewise.contracts.v1.Signed;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Decides which orders a device obeys. Pure: the same standing, order and moment give the same judgement.
///
/// An order must be signed for its domain by a key that counts: at first the pinned ones, later those of
/// the newest key set. A directive must speak of this tenant and workload, select this device, not have
/// run out, and have a revision above the one obeyed (an equal one must be equal byte for byte) by at
/// most a million, so that a leaked key cannot freeze a device for ever. A lease must speak of the
/// directive in force, have a higher issue than the one held, and not have run out. A key set must have a
/// higher version than the one held; those before it are handed out for devices that were away, and known.
public final class OrdersState {
    /// Of a directive that selects other devices.
    public static final String OF_OTHERS = "selector";

    /// Of a lease that does not speak of the directive in force.
    public static final String OTHER_REVISION = "lease-revision";

    static final long FARTHEST_JUMP = 1_000_000;
    private static final int ALL = 10_000;
    private static final Set<String> DOMAINS = Set.of(Signing.DIRECTIVE, Signing.LEASE, Signing.KEYS);

    private final Keyring pinned;
    private final String tenant;
    private final String workload;
    private final Map<String, String> attributes;

    public OrdersState(Keyring pinned, String tenant, String workload, Map<String, String> attributes) {
        this.pinned = pinned;
        this.tenant = tenant;
        this.workload = workload;
        this.attributes = Map.copyOf(attributes);
    }

    /// The attributes that a selector may ask for: the slices, and what the device is.
    public static Map<String, String> attributes(String device, DeviceContext context, Map<String, String> slices) {
        Map<String, String> attributes = new HashMap<>(slices);
        attributes.put("device", device);
        attributes.put("device_class", context.getDeviceClass());
        attributes.put("chipset", context.getChipset());
        attributes.put("os", context.getOs());
        attributes.put("runtime", context.getRuntime());
        return attributes;
    }

    public Judgement judge(Standing now, Signed signed, Moment moment) {
        if (!DOMAINS.contains(signed.getDomain())) {
            return new Judgement.Refused("domain");
        }
        String fault = keyring(now).fault(signed);
        if (!fault.isEmpty()) {
            boolean isOld = fault.equals(Keyring.UNKNOWN) && isHeld(now, signed);
            return isOld ? new Judgement.Known() : new Judgement.Refused(fault);
        }
        try {
            return switch (signed.getDomain()) {
                case Signing.DIRECTIVE ->
                    directive(now, new Order<>(signed, Directive.parseFrom(signed.getPayload())), moment);
                case Signing.LEASE -> lease(now, new Order<>(signed, Lease.parseFrom(signed.getPayload())), moment);
                default -> keys(now, new Order<>(signed, KeySet.parseFrom(signed.getPayload())));
            };
        } catch (InvalidProtocolBufferException e) {
            return new Judgement.Refused("malformed");
        }
    }

    /// Whether it is the key set that is held, or says to be one before it: a key that was retired since
    /// may have signed it, which nobody can check any more, and nothing comes of it.
    private boolean isHeld(Standing now, Signed signed) {
        if (!signed.getDomain().equals(Signing.KEYS) || now.keys().isEmpty()) {
            return false;
        }
        try {
            KeySet set = KeySet.parseFrom(signed.getPayload());
            return set.getTenant().equals(tenant) && isHeld(now.keys().get(), new Order<>(signed, set));
        } catch (InvalidProtocolBufferException e) {
            return false;
        }
    }

    private static boolean isHeld(Order<KeySet> held, Order<KeySet> order) {
        return order.content().getVersion() < held.content().getVersion()
                || order.signed().getPayload().equals(held.signed().getPayload());
    }

    /// The keys that count: those of the newest set, else the pinned ones.
    public Keyring keyring(Standing now) {
        return now.keys().flatMap(order -> Keyring.of(order.content())).orElse(pinned);
    }

    /// Of orders that come together: keys first, then directives, so that each finds what it speaks of.
    public static int turn(Signed signed) {
        return switch (signed.getDomain()) {
            case Signing.KEYS -> 0;
            case Signing.DIRECTIVE -> 1;
            default -> 2;
        };
    }

    private Judgement keys(Standing now, Order<KeySet> order) {
        KeySet set = order.content();
        if (!set.getTenant().equals(tenant)) {
            return new Judgement.Refused("tenant");
        }
        if (set.getVersion() <= 0 || Keyring.of(set).isEmpty()) {
            return new Judgement.Refused("malformed");
        }
        if (now.keys().isPresent()) {
            Order<KeySet> held = now.keys().get();
            if (isHeld(held, order)) {
                return new Judgement.Known();
            }
            if (set.getVersion() == held.content().getVersion()) {
                return new Judgement.Refused("keys-version");
            }
        }
        return new Judgement.Accepted(new Standing(
                now.directive(), now.before(), now.lease(), now.sinceMs(), now.leaseEndNanos(), Optional.of(order)));
    }

    private Judgement directive(Standing now, Order<Directive> order, Moment moment) {
        Directive directive = order.content();
        if (!directive.getTenant().equals(tenant)) {
            return new Judgement.Refused("tenant");
        }
        if (!directive.getWorkload().equals(workload)) {
            return new Judgement.Refused("workload");
        }
        if (!isWellFormed(directive)) {
            return new Judgement.Refused("malformed");
        }
        if (!directive.getSelectorMap().entrySet().stream()
                .allMatch(wanted -> wanted.getValue().equals(attributes.get(wanted.getKey())))) {
            return new Judgement.Refused(OF_OTHERS);
        }
        long floor = now.floor();
        if (directive.getRevision() < floor) {
            return new Judgement.Refused("revision-below-floor");
        }
        if (now.directive().isPresent()) {
            if (directive.getRevision() == floor) {
                return now.directive()
                                .get()
                                .signed()
                                .getPayload()
                                .equals(order.signed().getPayload())
                        ? new Judgement.Known()
                        : new Judgement.Refused("revision-replaced");
            }
            if (directive.getRevision() - floor > FARTHEST_JUMP) {
                return new Judgement.Refused("revision-jump");
            }
        }
        if (directive.getNotAfterMs() != 0 && directive.getNotAfterMs() <= moment.wallMs()) {
            return new Judgement.Refused("expired");
        }
        return new Judgement.Accepted(
                new Standing(Optional.of(order), now.directive(), Optional.empty(), moment.wallMs(), 0, now.keys()));
    }

    private Judgement lease(Standing now, Order<Lease> order, Moment moment) {
        Lease lease = order.content();
        if (!lease.getTenant().equals(tenant)) {
            return new Judgement.Refused("tenant");
        }
        if (!lease.getWorkload().equals(workload)) {
            return new Judgement.Refused("workload");
        }
        if (now.directive().isEmpty() || lease.getRevision() != now.floor()) {
            return new Judgement.Refused(OTHER_REVISION);
        }
        if (!lease.getRollout().equals(now.directive().get().content().getRollout())) {
            return new Judgement.Refused("lease-rollout");
        }
        if (now.lease().isPresent()
                && lease.getIssue() <= now.lease().get().content().getIssue()) {
            return now.lease().get().signed().getPayload().equals(order.signed().getPayload())
                    ? new Judgement.Known()
                    : new Judgement.Refused("lease-issue");
        }
        if (lease.getNotAfterMs() <= moment.wallMs()) {
            return new Judgement.Refused("lease-expired");
        }
        return new Judgement.Accepted(new Standing(
                now.directive(), now.before(), Optional.of(order), now.sinceMs(), leaseEnd(lease, moment), now.keys()));
    }

    /// The monotonic time at which a lease ends: by the wall clock's remainder, at most its whole
    /// duration from now.
    static long leaseEnd(Lease lease, Moment moment) {
        long duration = Math.max(0, lease.getNotAfterMs() - lease.getIssuedAtMs());
        long remaining = Math.max(0, lease.getNotAfterMs() - moment.wallMs());
        return moment.nanos() + Math.min(duration, remaining) * 1_000_000;
    }

    private static boolean isWellFormed(Directive directive) {
        boolean knowsBoth = isNamed(directive.getChampion()) && isNamed(directive.getChallenger());
        boolean modeFits = switch (directive.getMode()) {
            case MODE_CHAMPION_ONLY -> true;
            case MODE_SHADOW, MODE_CANARY, MODE_APPROVED -> knowsBoth && Ulid.isValid(directive.getRollout());
            case MODE_UNSPECIFIED, UNRECOGNIZED -> false;
        };
        return modeFits
                && directive.getRevision() > 0
                && isShare(directive.getShareBp())
                && isShare(directive.getPairingCanaryBp())
                && isShare(directive.getPairingControlBp())
                && isShare(directive.getRepeatBp())
                && isWellFormed(directive.getHybrid())
                && directive.getStage() >= 0
                && directive.getStage() <= 99
                && (directive.getRollout().isEmpty() || Ulid.isValid(directive.getRollout()));
    }

    private static boolean isWellFormed(Hybrid hybrid) {
        return isShare(hybrid.getEdgeShareBp())
                && hybrid.getConfidence() >= 0
                && hybrid.getConfidence() <= 1
                && hybrid.getEntropy() >= 0
                && hybrid.getLongestInput() >= 0
                && hybrid.getRouterScore() >= 0
                && hybrid.getRouterScore() <= 1
                && hybrid.getEscalation() != Hybrid.Escalation.UNRECOGNIZED;
    }

    private static boolean isNamed(ModelRef ref) {
        return switch (ref.getRefCase()) {
            case BUILD -> !ref.getBuild().isEmpty();
            case FRONTIER -> !ref.getFrontier().isEmpty();
            case REF_NOT_SET -> false;
        };
    }

    private static boolean isShare(int basisPoints) {
        return basisPoints >= 0 && basisPoints <= ALL;
    }
}
