// SPDX-License-Identifier: Apache-2.0
package io.edgewise.agent;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/// Frontiers in the order in which they are asked: one that fails, rests after failures in a row or has
/// cost what it may in this hour is passed over for the next. The answer says who gave it and carries its
/// cost by that vendor's price card. An answer that has begun to stream is nobody else's any more, and a
/// request that is at fault itself is put to nobody else and lets nobody rest.
/// Thread-safe.
public final class Frontiers implements FrontierClient {
    static final String RESTING = "resting";
    static final String COST_CAP = "cost_cap";

    /// A vendor's endpoint, what it costs, and how much may be spent there in an hour (nano-units of its
    /// currency).
    public record Member(String name, FrontierClient client, Optional<PriceCard> prices, long nanosPerHour) {}

    private record Seat(Member member, Breaker health, CostCap cap) {}

    private final List<Seat> seats;
    private final LongSupplier nanoTime;
    private final Map<String, Long> passedOver = new ConcurrentHashMap<>();

    public Frontiers(List<Member> members, LongSupplier nanoTime) {
        if (members.isEmpty()) {
            throw new IllegalArgumentException("there must be at least one frontier in the list");
        }
        this.seats = members.stream()
                .map(member -> new Seat(
                        member,
                        new Breaker(Breaker.Settings.DEFAULT),
                        new CostCap(member.nanosPerHour(), nanoTime.getAsLong())))
                .toList();
        this.nanoTime = nanoTime;
    }

    /// How often each was passed over, by reason: "vendor:resting".
    public Map<String, Long> passedOver() {
        return new TreeMap<>(passedOver);
    }

    @Override
    public FrontierAnswer ask(String text) throws FrontierFailure {
        return ask(new Request("", text));
    }

    @Override
    public FrontierAnswer ask(Request request) throws FrontierFailure {
        AtomicBoolean begun = new AtomicBoolean();
        Request watched = watched(request, begun);
        Optional<FrontierFailure> failure = Optional.empty();
        boolean isTried = false;
        for (Seat seat : seats) {
            boolean isLast = seat.equals(seats.getLast());
            String obstacle = obstacle(seat, isLast && !isTried);
            if (!obstacle.isEmpty()) {
                passedOver.merge(seat.member().name() + ":" + obstacle, 1L, Long::sum);
                failure = failure.or(() -> Optional.of(new FrontierFailure(
                        obstacle, "frontier " + seat.member().name() + " is not asked now: " + obstacle)));
                continue;
            }
            isTried = true;
            try {
                return ask(seat, watched);
            } catch (FrontierFailure e) {
                failure = Optional.of(e);
                if (begun.get() || e.isOfRequest() || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
            }
        }
        throw failure.orElseThrow(() -> new IllegalStateException("no frontier was asked and none was passed over"));
    }

    /// A resting one is asked all the same when nobody else is left; one that cost enough is not.
    private String obstacle(Seat seat, boolean isLastResort) {
        long now = nanoTime.getAsLong();
        if (seat.cap().isReached(now)) {
            return COST_CAP;
        }
        return seat.health().admit(now) || isLastResort ? "" : RESTING;
    }

    private FrontierAnswer ask(Seat seat, Request request) throws FrontierFailure {
        boolean isOver = false;
        try {
            FrontierAnswer answer = seat.member().client().ask(request);
            isOver = true;
            seat.health().succeeded(0, nanoTime.getAsLong());
            FrontierAnswer priced =
                    answer.priced(seat.member().prices().flatMap(prices -> prices.cost(answer.spoken())));
            priced.cost().ifPresent(cost -> seat.cap().spend(cost.getNanos()));
            return priced;
        } catch (FrontierFailure e) {
            isOver = true;
            if (e.isOfRequest() || Thread.currentThread().isInterrupted()) {
                seat.health().abandoned();
            } else {
                seat.health().failed(nanoTime.getAsLong());
            }
            throw e;
        } finally {
            if (!isOver) {
                seat.health().failed(nanoTime.getAsLong());
            }
        }
    }

    private static Request watched(Request request, AtomicBoolean begun) {
        if (request.chat().flatMap(Chat::relay).isEmpty()) {
            return request;
        }
        Chat chat = request.chat().orElseThrow();
        Relay relay = chat.relay().orElseThrow();
        return request.with(chat.heardBy(new Relay() {
            @Override
            public void told(Map<String, String> headers) {
                relay.told(headers);
            }

            @Override
            public void begin(Served by) throws IOException {
                begun.set(true);
                relay.begin(by);
            }

            @Override
            public void write(byte[] bytes) throws IOException {
                begun.set(true);
                relay.write(bytes);
            }
        }));
    }
}
