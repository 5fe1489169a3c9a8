# Writes what Keras' CSVLogger writes while it fits a line with gradient descent; needs nothing but Python.
import csv
import random
import sys
import time

random.seed(1)
points = [(x / 50, 3 * x / 50 + 1 + random.gauss(0, 0.1)) for x in range(50)]
training, validation = points[::2], points[1::2]
slope = intercept = 0.0


def loss(data):
    return sum((slope * x + intercept - y) ** 2 for x, y in data) / len(data)


with open(sys.argv[1] if len(sys.argv) > 1 else "training.log", "w", newline="") as file:
    log = csv.DictWriter(file, fieldnames=["epoch", "loss", "val_loss"])
    log.writeheader()
    for epoch in range(20):
        time.sleep(0.05)  # an epoch that has more than fifty points takes its time
        for x, y in training:
            error = slope * x + intercept - y
            slope -= 0.1 * error * x
            intercept -= 0.1 * error
        log.writerow({"epoch": epoch, "loss": loss(training), "val_loss": loss(validation)})
        file.flush()
        with open("weights.txt", "w") as weights:
            weights.write(f"{slope} {intercept}\n")
