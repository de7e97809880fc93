package org.jamestls.policyfile;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds the positions of places, in one walk over the document however many they are. */
final class PlaceFinder {

    private final byte[] xml;

    PlaceFinder(byte[] xml) {
        this.xml = xml;
    }

    Map<Place, Position> positions(Collection<Place> places) {
        List<Place> inOrderOfTags = new ArrayList<>(places);
        inOrderOfTags.sort(Comparator.comparingInt(Place::tag));
        TagScanner scanner = new TagScanner(xml);
        Map<Place, Integer> offsets = new HashMap<>();
        for (Place place : inOrderOfTags) {
            scanner.advanceTo(place.tag());
            offsets.put(place, place.find(scanner));
        }
        List<Place> inOrder = new ArrayList<>(offsets.keySet());
        inOrder.sort(Comparator.comparing(offsets::get));
        Map<Place, Position> positions = new HashMap<>();
        Position position = Position.START;
        for (Place place : inOrder) {
            position = position.advanceTo(xml, offsets.get(place));
            positions.put(place, position);
        }
        return positions;
    }
}
