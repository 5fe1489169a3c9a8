# Trains a perceptron on scikit-learn's digits and knows nothing of experiments.
# Needs Debian's python3-sklearn, or: pip install scikit-learn
import argparse
import pickle

from sklearn.datasets import load_digits
from sklearn.linear_model import SGDClassifier
from sklearn.metrics import log_loss
from sklearn.model_selection import train_test_split

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=5)
parser.add_argument("--alpha", type=float, default=0.0001)
parser.add_argument("--output", default="digits.pkl")
arguments = parser.parse_args()

images, labels = load_digits(return_X_y=True)
x, x_test, y, y_test = train_test_split(images / 16, labels, test_size=0.25, random_state=0)

model = SGDClassifier(loss="log_loss", alpha=arguments.alpha, random_state=0)
for epoch in range(1, arguments.epochs + 1):
    model.partial_fit(x, y, classes=range(10))
    with open(arguments.output, "wb") as file:
        pickle.dump(model, file)
    loss = log_loss(y_test, model.predict_proba(x_test))
    print(f"Epoch {epoch}/{arguments.epochs}, test loss: {loss:.4f}, test accuracy: {model.score(x_test, y_test):.4f}")
