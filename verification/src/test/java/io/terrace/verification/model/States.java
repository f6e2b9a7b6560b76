// SPDX-License-Identifier: Apache-2.0
package io.terrace.verification.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every state that was reached, in the order in which it was, and from where. A state is a handful of numbers, each of
 * which stands for a part that many states share.
 */
final class States {
    private final Map<Object, Integer> numbers = new HashMap<>();
    private final List<Object> parts = new ArrayList<>();
    private int[][] keys = new int[1024][];
    private int[] parents = new int[1024];
    private int[] table = new int[4096];
    private int size;

    int number(Object part) {
        Integer known = numbers.get(part);
        if (known == null) {
            known = parts.size();
            numbers.put(part, known);
            parts.add(part);
        }
        return known;
    }

    Object part(int number) {
        return parts.get(number);
    }

    int size() {
        return size;
    }

    int[] key(int state) {
        return keys[state];
    }

    int parent(int state) {
        return parents[state];
    }

    /** Adds a state unless it is there. */
    void add(int[] key, int parent) {
        int slot = find(key);
        if (table[slot] != 0) {
            return;
        }
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, size * 2);
            parents = Arrays.copyOf(parents, size * 2);
        }
        keys[size] = key;
        parents[size] = parent;
        table[slot] = ++size;
        if (size * 3 > table.length * 2) {
            table = new int[table.length * 2];
            for (int state = 0; state < size; state++) {
                table[find(keys[state])] = state + 1;
            }
        }
    }

    private int find(int[] key) {
        int hash = Arrays.hashCode(key) * 0x9E3779B9;
        int slot = (hash ^ hash >>> 15) & (table.length - 1);
        while (table[slot] != 0 && !Arrays.equals(keys[table[slot] - 1], key)) {
            slot = (slot + 1) & (table.length - 1);
        }
        return slot;
    }
}
