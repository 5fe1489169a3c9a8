# Trains on scikit-learn's digits as scripts for MNIST do, and keeps a copy of what it saved at each step:
# digits.py before|after COPIES [EPOCHS], where before saves before it prints the metrics of an epoch.
import pickle
import shutil
import sys
import warnings

import numpy
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier

warnings.filterwarnings("ignore")
saves_first, copies = sys.argv[1] == "before", sys.argv[2]
epochs = int(sys.argv[3]) if len(sys.argv) > 3 else 8
images, labels = load_digits(return_X_y=True)
images = images / 16
model = MLPClassifier((128,), random_state=1)


def save(epoch):
    with open("model.pkl", "wb") as file:
        pickle.dump((epoch, model), file)
    shutil.copy("model.pkl", f"{copies}/{epoch}")


for epoch in range(1, epochs + 1):
    model.partial_fit(images, labels, classes=numpy.arange(10))
    if saves_first:
        save(epoch)
    print(f"epoch {epoch} loss: {model.loss_:.6f} accuracy: {model.score(images, labels):.4f}")
    if not saves_first:
        save(epoch)
