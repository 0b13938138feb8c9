
#include <eml_net.h>
static const float mynet_layer_0_biases[8] = { -2.237957f, -3.617139f, -3.723921f, -2.796744f, -2.212204f, 1.991728f, -2.053166f, 1.304242f };
static const float mynet_layer_0_weights[16] = { 0.514138f, 0.343265f, 0.461629f, 0.658288f, 0.600257f, -0.438756f, 0.346898f, -0.278682f, 0.062516f, 1.239024f, 0.961932f, 0.943145f, 0.564870f, -0.375363f, 0.576655f, -0.310629f };
static const float mynet_layer_1_biases[3] = { -0.195016f, 0.449975f, -0.254959f };
static const float mynet_layer_1_weights[24] = { -0.198391f, 0.005775f, 0.598442f, -0.548268f, -1.083433f, 0.934176f, -0.184134f, -0.557403f, 1.347501f, -1.208891f, 0.580943f, 0.223692f, -0.435200f, 0.877789f, 0.357185f, 0.661882f, -0.349714f, -0.943057f, -0.687818f, 0.082860f, 0.868095f, 0.516845f, -0.061576f, -0.325375f };
static float mynet_buf1[8];
static float mynet_buf2[8];
static const EmlNetLayer mynet_layers[2] = { 
{ 8, 2, mynet_layer_0_weights, mynet_layer_0_biases, EmlNetActivationTanh }, 
{ 3, 8, mynet_layer_1_weights, mynet_layer_1_biases, EmlNetActivationSoftmax } };
static EmlNet mynet = { 2, mynet_layers, mynet_buf1, mynet_buf2, 8 };

    int32_t
    mynet_predict(const float *features, int32_t n_features)
    {
        return eml_net_predict(&mynet, features, n_features);
    }
    

    int32_t
    mynet_regress(const float *features, int32_t n_features, float *out, int32_t out_length)
    {
        return eml_net_regress(&mynet, features, n_features, out, out_length);
    }
    

    float
    mynet_regress1(const float *features, int32_t n_features)
    {
        return eml_net_regress1(&mynet, features, n_features);
    }
    