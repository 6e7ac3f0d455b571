<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
<qgis version="3.22.0" styleCategories="Symbology" hasScaleBasedVisibilityFlag="0">
  <pipe>
    <rasterrenderer type="singlebandpseudocolor" band="1" opacity="0.8" alphaBand="-1" nodataColor="" classificationMin="0" classificationMax="0.4">
      <rasterTransparency/>
      <rastershader>
        <colorrampshader colorRampType="DISCRETE" classificationMode="1" clip="0" minimumValue="0" maximumValue="0.4">
          <item value="0.02" color="#b5d1ea" alpha="150" label="up to 0.02"/>
          <item value="0.05" color="#ffffb2" alpha="255" label="0.02 to 0.05"/>
          <item value="0.1" color="#fecc5c" alpha="255" label="0.05 to 0.1"/>
          <item value="0.2" color="#fd8d3c" alpha="255" label="0.1 to 0.2"/>
          <item value="0.4" color="#f03b20" alpha="255" label="0.2 to 0.4"/>
          <item value="inf" color="#bd0026" alpha="255" label="0.4 to 1"/>
        </colorrampshader>
      </rastershader>
    </rasterrenderer>
    <brightnesscontrast brightness="0" contrast="0" gamma="1"/>
    <huesaturation saturation="0" grayscaleMode="0" colorizeOn="0"/>
    <rasterresampler maxOversampling="2"/>
  </pipe>
  <blendMode>0</blendMode>
</qgis>
