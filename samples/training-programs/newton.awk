#!/usr/bin/awk -f
# Finds a square root by Newton's method and prints each step: awk -f newton.awk -v number=2
BEGIN {
    if (number == "") number = 2
    guess = number
    for (iteration = 1; iteration <= 6; iteration++) {
        guess = (guess + number / guess) / 2
        error = guess * guess - number
        if (error < 0) error = -error
        printf "iteration %d: guess=%.6f error=%.3e\n", iteration, guess, error
    }
}
